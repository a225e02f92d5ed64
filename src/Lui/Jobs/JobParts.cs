// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Jobs;

/// <summary>Where a mail job stands in its life.</summary>
internal enum JobState
{
    /// <summary>Being prepared; everything may be edited.</summary>
    Open,

    /// <summary>Authorized; waits for its time.</summary>
    Waiting,

    /// <summary>Being delivered.</summary>
    Processing,

    /// <summary>Stopped, missed or broken; people decide: retry, re-open or close.</summary>
    Failed,

    /// <summary>Delivered, or closed after a failure (then <see cref="Job.Failure"/> says which).</summary>
    Completed,

    /// <summary>Completed, and its rows lie in a file.</summary>
    Archived,
}

/// <summary>What the delivery test has come to.</summary>
internal enum TestState
{
    /// <summary>Not sent yet.</summary>
    None,

    /// <summary>Sent; not accepted yet.</summary>
    Sent,

    /// <summary>Accepted by a person.</summary>
    Accepted,

    /// <summary>Left out on purpose.</summary>
    Waived,

    /// <summary>Something was edited after it; it has to be done again.</summary>
    Outdated,

    /// <summary>A person found it wanting.</summary>
    Rejected,
}

/// <summary>Which changes after a test ask for a new one.</summary>
internal enum TestRule
{
    /// <summary>Every change of recipients, message, tracking or sender.</summary>
    Always,

    /// <summary>Changes of the message.</summary>
    ContentOnly,

    /// <summary>None.</summary>
    Never,
}

/// <summary>How much of what recipients do leads back to them.</summary>
internal enum JobTracking
{
    /// <summary>Events lead back to the recipient.</summary>
    Personal,

    /// <summary>Events lead back to recipients whose permission field says yes; those of the others to a profile, or to nothing.</summary>
    Permission,

    /// <summary>Events lead to a profile that everybody with the same values shares.</summary>
    Anonymous,

    /// <summary>Events of one reader are known as such, and lead to nobody.</summary>
    Unique,

    /// <summary>Events are counted; nothing leads back to a recipient.</summary>
    Blind,

    /// <summary>No links are replaced, no open image is added.</summary>
    Off,
}

/// <summary>How a job's messages leave.</summary>
internal enum JobWay
{
    /// <summary>By the distributors' own engine.</summary>
    Engine,

    /// <summary>Through the LISTSERV that a distributor works with, each recipient's message by itself.</summary>
    Listserv,

    /// <summary>Through LISTSERV, one message for all.</summary>
    ListservTogether,
}

/// <summary>Why a job failed.</summary>
/// <param name="Code">Stable and searchable, such as <c>missed</c> or <c>stopped</c>.</param>
/// <param name="Message">What happened, in words.</param>
internal sealed record JobFailure(string Code, string Message);

/// <summary>Who the recipients see as the sender.</summary>
/// <param name="Name">Display name; may be empty.</param>
/// <param name="Address">Address of the From header.</param>
/// <param name="ReplyTo">Address of the Reply-To header, or null.</param>
/// <param name="Organisation">For the Organization header; null for none.</param>
/// <param name="PostalAddress">What the drop-in <c>*PostalAddress</c> puts into messages; null for nothing.</param>
/// <param name="BouncesTo">Address that bounces go to in the place of the distributor; null: the distributor takes them where it can.</param>
/// <param name="Headers">More headers, a line each: <c>Name: text</c>; null for none.</param>
internal sealed record JobSender(
    string Name, string Address, string? ReplyTo = null, string? Organisation = null, string? PostalAddress = null, string? BouncesTo = null, string? Headers = null);

/// <summary>Who edited a step last, and when.</summary>
internal sealed record Edit(Actor Who, DateTimeOffset At);

/// <summary>A line of a job's journal.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Who">Who did it.</param>
/// <param name="Kind">Stable word, such as <c>authorized</c>.</param>
/// <param name="Words">What happened, as a sentence.</param>
internal sealed record JournalEntry(DateTimeOffset At, Actor Who, string Kind, string Words);
