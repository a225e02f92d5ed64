// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Notices;

/// <summary>How much somebody wants to be told in one way.</summary>
internal enum NoticeLevel
{
    /// <summary>Nothing.</summary>
    Never,

    /// <summary>What needs somebody: a delivery that failed or was missed, a date that is over.</summary>
    Alerts,

    /// <summary>Also what went well.</summary>
    All,
}

/// <summary>How somebody wants to be told.</summary>
internal sealed record NoticeChoice(NoticeLevel ByMail, NoticeLevel OnScreen)
{
    /// <summary>Of those who have never chosen.</summary>
    public static NoticeChoice Usual { get; } = new(NoticeLevel.Alerts, NoticeLevel.All);

    /// <summary>Whether a level asks for a notice.</summary>
    public static bool Asks(NoticeLevel level, bool alert) => level == NoticeLevel.All || (level == NoticeLevel.Alerts && alert);
}

/// <summary>Something that somebody is told about a job.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Code">The job.</param>
/// <param name="Title">The job's title.</param>
/// <param name="At">When it happened.</param>
/// <param name="Alert">Whether it needs somebody.</param>
/// <param name="Words">What happened.</param>
/// <param name="SeenAt">When it was seen on the screen; null if not yet.</param>
internal sealed record Notice(long Id, string Code, string Title, DateTimeOffset At, bool Alert, string Words, DateTimeOffset? SeenAt);

/// <summary>Which lines of a journal are told to people.</summary>
internal static class NoticeRule
{
    /// <summary>True for an alert, false for news, null for what nobody is told.</summary>
    /// <param name="before">The job before.</param>
    /// <param name="after">The job after.</param>
    public static bool? Of(Job before, Job after) => (before.State, after.State) switch
    {
        // Its sender profile was changed after the authorisation: unless such changes count, it will not leave.
        (JobState.Waiting, JobState.Waiting) when before.Edits.GetValueOrDefault(JobStep.Sender) != after.Edits.GetValueOrDefault(JobStep.Sender) => !after.GroupLateSenders,
        var (from, to) when from == to => null,
        (JobState.Archived, _) or (_, JobState.Archived) => null,
        (_, JobState.Failed) => true,
        (JobState.Open, JobState.Waiting) or (JobState.Waiting, JobState.Open) or (_, JobState.Processing) or (_, JobState.Completed) => false,
        _ => null,
    };
}
