// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs.Repeats;
using Tutti.Lui.Jobs.Schedules;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Jobs;

/// <summary>A mail job as REST shows it.</summary>
/// <param name="Job">Its code, such as 261124A; also its address.</param>
/// <param name="Number">Its number.</param>
/// <param name="Title">Its title.</param>
/// <param name="State">open, waiting, processing, failed, completed or archived.</param>
/// <param name="Failure">Why it failed; stays after it was closed.</param>
/// <param name="Owner">Who made it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Folder">The number of the folder in which it lies; null for none.</param>
/// <param name="DueDate">Until when somebody has to have authorized it; null for no such date.</param>
/// <param name="ArchiveAfter">How many days after its delivery it is archived by itself; null for never.</param>
/// <param name="Tracking">personal, blind or off.</param>
/// <param name="TrackerHost">Host name of the tracker that its links lead to; null: the first one.</param>
/// <param name="Sender">Who the recipients see as the sender.</param>
/// <param name="SenderProfile">The number of the sender profile that it uses; null if the sender is its own.</param>
/// <param name="Simulated">Whether its delivery is, or would be, only simulated: its messages reach nobody.</param>
/// <param name="Way">How its messages leave: engine, listserv, or listserv-together.</param>
/// <param name="Schedule">When it leaves.</param>
/// <param name="Run">Which run of its repetition it is, from 1.</param>
/// <param name="Test">none, sent, accepted, rejected, waived or outdated.</param>
/// <param name="TestAgain">Which changes after a test ask for a new one: always, content-only or never.</param>
/// <param name="FourEyes">Whether this job asks for a second person to authorize it.</param>
/// <param name="AuthorizedBy">Who authorized it.</param>
/// <param name="AuthorizedAt">When it was authorized.</param>
/// <param name="DueAt">When it is, or was, due.</param>
/// <param name="StartedAt">When its delivery started.</param>
/// <param name="CompletedAt">When it was completed.</param>
/// <param name="Version">Grows with every change.</param>
/// <param name="Steps">The seven steps; only of a single job.</param>
internal sealed record JobDocument(
    string Job,
    long Number,
    string Title,
    string State,
    JobFailure? Failure,
    string Owner,
    DateTimeOffset CreatedAt,
    long? Folder,
    DateTimeOffset? DueDate,
    int? ArchiveAfter,
    string? Tracking,
    string? TrackerHost,
    JobSender? Sender,
    long? SenderProfile,
    bool Simulated,
    string Way,
    JobDocument.ScheduleDocument? Schedule,
    int Run,
    string Test,
    string TestAgain,
    bool FourEyes,
    string? AuthorizedBy,
    DateTimeOffset? AuthorizedAt,
    DateTimeOffset? DueAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt,
    long Version,
    IReadOnlyList<JobDocument.StepDocument>? Steps = null)
{
    /// <summary>A job alone.</summary>
    public static JobDocument Of(Job job) => new(
        job.Code,
        job.Id,
        job.Title,
        Words.Of(job.State),
        job.Failure,
        job.Owner.Name,
        job.CreatedAt,
        job.FolderId,
        job.DecideBy,
        job.ArchiveAfterDays,
        job.Tracking is { } tracking ? Words.Of(tracking) : null,
        job.TrackerHost,
        job.Sender,
        job.SenderProfile,
        job.IsSimulated,
        Words.Of(job.Way),
        job.Schedule is { } schedule ? ScheduleDocument.Of(schedule) : null,
        job.Run,
        Words.Of(job.TestState),
        Words.Of(job.TestRule),
        job.FourEyes,
        job.AuthorizedBy?.Name,
        job.AuthorizedAt,
        job.DueAt,
        job.StartedAt,
        job.CompletedAt,
        job.Version);

    /// <summary>A job with its steps.</summary>
    public static JobDocument Of(Job job, Workflow workflow) => Of(job) with { Steps = [.. workflow.Steps.Select(StepDocument.Of)] };

    /// <summary>When a job leaves: at a moment, at a time of each recipient's own clock, when it is triggered, or else at once after its authorization; and how its recipients are spread over time from then on.</summary>
    internal sealed record ScheduleDocument(DateTimeOffset? At, string Zone, bool OnTrigger, string? Wall, string? ZoneColumn, RepeatChoice? Repeat, PaceChoice? Pace)
    {
        /// <summary>The document of a schedule.</summary>
        public static ScheduleDocument Of(JobSchedule schedule) => new(
            schedule.At,
            schedule.Zone,
            schedule.OnTrigger,
            schedule.Local?.WallInWords,
            schedule.Local?.Column,
            schedule.Repeat is { } repeat ? RepeatChoice.Of(repeat) : null,
            schedule.Pace switch { null => null, { PerHour: > 0 and var rate } => new PaceChoice(rate), var pace => new PaceChoice(null, pace.Parts, pace.Minutes) });
    }

    /// <summary>How far a step is.</summary>
    internal sealed record StepDocument(string Step, string State, string Summary, string? Detail, string? By, DateTimeOffset? At)
    {
        /// <summary>The document of a step.</summary>
        public static StepDocument Of(StepStatus step) =>
            new(Words.Of(step.Step), Words.Of(step.State), step.Summary, step.Detail, step.Edit?.Who.Name, step.Edit?.At);
    }
}
