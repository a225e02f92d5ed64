// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Recipients.Waterfalls;

/// <summary>A step on the way from the rows of a source to the people who get the message, in this order.</summary>
internal enum WaterfallStep
{
    /// <summary>Rows without a usable address, or of the wrong shape.</summary>
    Invalid,

    /// <summary>Rows with an address that was there before.</summary>
    Duplicate,

    /// <summary>Recipients who unsubscribed.</summary>
    Unsubscribed,

    /// <summary>Recipients whose address bounced.</summary>
    Bounced,

    /// <summary>Recipients who called an earlier message spam.</summary>
    Complained,

    /// <summary>Recipients who are on the suppression list for another reason; of a job that has begun, all that were held back by it.</summary>
    Suppressed,

    /// <summary>Those who are left: they will get it.</summary>
    Remaining,
}

/// <summary>How many fall away at a step.</summary>
internal sealed record WaterfallLine(WaterfallStep Step, long Count);

/// <summary>From the rows of a source to those who will get the message: in the source = remaining + all lines.</summary>
/// <param name="Source">What the source is called.</param>
/// <param name="InSource">Rows that it has.</param>
/// <param name="Lines">What falls away, in order; every step is there, also with nothing.</param>
/// <param name="Remaining">Who will get it.</param>
/// <param name="HasBegun">True if the job has begun: then the numbers are what the hand-over did, not what it would do.</param>
/// <param name="CountedAt">When that was counted.</param>
internal sealed record Waterfall(string Source, long InSource, IReadOnlyList<WaterfallLine> Lines, long Remaining, bool HasBegun, DateTimeOffset CountedAt);

/// <summary>Whose waterfall: a set of recipients, and the delivery that took it if the job has begun.</summary>
/// <param name="Source">The set.</param>
/// <param name="DeliveryId">The delivery; null while nothing has begun.</param>
internal sealed record WaterfallScope(RecipientSource Source, long? DeliveryId);

/// <summary>Somebody behind a step.</summary>
/// <param name="Key">Number of the recipient, or of the row that was set apart; grows down the list.</param>
/// <param name="Address">As it stands in the source.</param>
/// <param name="Name">The recipient's name; may be empty.</param>
/// <param name="Reason">Why he or she falls away; empty for those who remain.</param>
/// <param name="At">Since when, where that is known.</param>
internal sealed record WaterfallPerson(long Key, string Address, string Name, string Reason, DateTimeOffset? At);
