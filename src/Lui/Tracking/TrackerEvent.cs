// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Mail.Links;

namespace Tutti.Lui.Tracking;

/// <summary>What a recipient did. The numbers are those of the contract and of the database.</summary>
internal enum Reaction
{
    /// <summary>The open image was fetched.</summary>
    Open = 1,

    /// <summary>A link was followed.</summary>
    Click = 2,

    /// <summary>The recipient asked for no more mail.</summary>
    Unsubscribe = 3,
}

/// <summary>An event as a tracker spooled it.</summary>
/// <param name="Number">Its number in the tracker's feed.</param>
/// <param name="At">The tracker's clock, Unix time in milliseconds.</param>
/// <param name="Kind">What was done.</param>
/// <param name="JobId">The delivery.</param>
/// <param name="Link">The link of a click, else 0.</param>
/// <param name="RecipientId">Who, where the tracking type allows it.</param>
/// <param name="UserAgent">What the reader's program says of itself.</param>
/// <param name="ClientAddress">Where the request came from; empty where nothing leads back to the recipient.</param>
/// <param name="Trace">The number of a profile, or of a reader who is nobody, where the tracking type allows it.</param>
internal sealed record TrackerEvent(long Number, long At, Reaction Kind, long JobId, long Link, long? RecipientId, string UserAgent, string ClientAddress, long? Trace = null)
{
    /// <summary>Reduced to what a tracking type lets be kept, whatever a tracker sent.</summary>
    public TrackerEvent Within(JobTracking tracking) => (Kind, tracking) switch
    {
        (_, JobTracking.Personal) => this with { Trace = null },

        // Who unsubscribes is known by this one wish alone.
        (Reaction.Unsubscribe, _) => this with { UserAgent = "", ClientAddress = "", Trace = null },
        (_, JobTracking.Permission) when RecipientId is not null => this with { Trace = null },
        (_, JobTracking.Permission or JobTracking.Anonymous or JobTracking.Unique) => this with { RecipientId = null, UserAgent = ProgramSort.Of(UserAgent), ClientAddress = "" },
        (_, JobTracking.Blind or JobTracking.Off) => this with { RecipientId = null, UserAgent = ProgramSort.Of(UserAgent), ClientAddress = "", Trace = null },
    };
}
