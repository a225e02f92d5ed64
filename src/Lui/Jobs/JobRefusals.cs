// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs.Codes;
using Tutti.Lui.Jobs.Listing;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Journal;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs;

/// <summary>Every "no" that mail jobs know.</summary>
internal static class JobRefusals
{
    public static Refusal NotFound(string which) => new(RefusalKind.NotFound, "job.not-found", SharedWords.Fill(JobsWords.NoJob, which));

    public static Refusal NotFound(long id) => NotFound(SharedWords.Fill(JobsWords.NumberedJob, id.ToString(CultureInfo.InvariantCulture)));

    public static Refusal Prefix(string text) => new(RefusalKind.Invalid, "job.prefix", SharedWords.Fill(JobsWords.BadPrefix, text, SharedWords.Number(JobCode.MaxPrefix)), "prefix");

    public static Refusal Title() =>
        new(RefusalKind.Invalid, "job.title", SharedWords.Fill(JobsWords.BadTitle, SharedWords.Number(Job.MaxTitle)), "title");

    public static Refusal State(string word) => new(
        RefusalKind.Invalid, "job.state", SharedWords.Fill(JobsWords.NoSuchState, word, string.Join(", ", Enum.GetValues<JobState>().Select(Words.Of))), "state");

    public static Refusal DueInThePast() => new(RefusalKind.Invalid, "job.due-past", JournalWords.DueInThePast, "by");

    public static Refusal Order(string word) => new(
        RefusalKind.Invalid, "job.order", SharedWords.Fill(JobsWords.NoSuchOrder, word, string.Join(", ", Enum.GetValues<JobOrder>().Select(Words.Of))), "order");

    public static Refusal TestRule(string word) => new(RefusalKind.Invalid, "test.rule", SharedWords.Fill(JobsWords.BadTestRule, word), "rule");

    public static Refusal Changed(Job job) => new(
        RefusalKind.Conflict, "job.changed", SharedWords.Fill(JobsWords.Changed, job.Code));

    public static Refusal NotOpen(Job job) => new(RefusalKind.Conflict, "job.not-open", job.State switch
    {
        JobState.Waiting => SharedWords.Fill(JobsWords.IsAuthorised, job.Code),
        JobState.Failed when job.HandedOverAt is null => SharedWords.Fill(JobsWords.HasFailed, job.Code),
        _ => SharedWords.Fill(JobsWords.NotChangeable, job.Code, NameOf(job.State)),
    });

    public static Refusal NotWaiting(Job job) => new(RefusalKind.Conflict, "job.not-waiting", job.State switch
    {
        JobState.Open => SharedWords.Fill(JobsWords.IsNotAuthorised, job.Code),
        JobState.Processing => SharedWords.Fill(JobsWords.DeliveredAlready, job.Code),
        _ => SharedWords.Fill(JobsWords.NotWaiting, job.Code, NameOf(job.State)),
    });

    public static Refusal NotProcessing(Job job) => new(RefusalKind.Conflict, "job.not-processing", job.State switch
    {
        JobState.Waiting => SharedWords.Fill(JobsWords.NotDeliveredYet, job.Code),
        _ => SharedWords.Fill(JobsWords.NotDelivered, job.Code, NameOf(job.State)),
    });

    public static Refusal NotFailed(Job job) =>
        new(RefusalKind.Conflict, "job.not-failed", SharedWords.Fill(JobsWords.NotFailed, job.Code, NameOf(job.State)));

    public static Refusal NotDue(Job job) => new(RefusalKind.Conflict, "job.not-due", SharedWords.Fill(JobsWords.NotDue, job.Code));

    public static Refusal NotDeletable(Job job) => new(
        RefusalKind.Conflict, "job.not-deletable", SharedWords.Fill(JobsWords.NotDeletable, job.Code, NameOf(job.State)));

    public static Refusal AlreadyHandedOver(Job job) => new(
        RefusalKind.Conflict,
        "job.handed-over",
        SharedWords.Fill(JobsWords.HandedOver, job.Code));

    public static Refusal NothingToAccept(Job job) =>
        new(RefusalKind.Conflict, "job.test-not-sent", SharedWords.Fill(JobsWords.NothingToAccept, job.Code));

    public static Refusal StepNotDone(Job job, StepStatus step) => new(
        RefusalKind.Conflict,
        "job.step-not-done",
        SharedWords.Fill(JobsWords.StepNotDone, job.Code, Workflow.NameOf(step.Step), step.Detail ?? step.Summary),
        WordOf(step.Step));

    public static Refusal StepNotPossible(Job job, StepStatus step) => new(
        RefusalKind.Conflict,
        "job.step-not-possible",
        SharedWords.Fill(JobsWords.StepNotPossible, Workflow.NameOf(step.Step), job.Code, step.Detail ?? ""),
        WordOf(step.Step));

    public static Refusal InThePast(JobSchedule schedule) =>
        new(RefusalKind.Invalid, "schedule.past", SharedWords.Fill(JobsWords.InThePast, schedule.ToString()), "at");

    private static string NameOf(JobState state) => state switch
    {
        JobState.Open => JobsWords.NameOpen,
        JobState.Waiting => JobsWords.NameWaiting,
        JobState.Processing => JobsWords.NameProcessing,
        JobState.Failed => JobsWords.NameFailed,
        JobState.Completed => JobsWords.NameCompleted,
        JobState.Archived => JobsWords.NameArchived,
    };

    private static string WordOf(JobStep step) => Words.Of(step);
}

/// <summary>The reasons for which the life of a job itself makes it fail.</summary>
internal static class JobFailures
{
    /// <summary>Of a job whose time had passed.</summary>
    public const string MissedCode = "missed";

    /// <summary>Of a job that a person stopped.</summary>
    public const string StoppedCode = "stopped";

    public static JobFailure Missed(DateTimeOffset dueAt) => new(
        MissedCode,
        SharedWords.Fill(JobsWords.MissedWhy, dueAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)));

    public static JobFailure Stopped(Actor who) => new(StoppedCode, SharedWords.Fill(JobsWords.StoppedBy, who.Name));
}
