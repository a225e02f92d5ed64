// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Lui.Jobs.Steps;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs;

/// <summary>Every "no" that mail jobs know.</summary>
internal static class JobRefusals
{
    public static Refusal NotFound(string which) => new(RefusalKind.NotFound, "job.not-found", $"There is no mail job {which}.");

    public static Refusal NotFound(long id) => NotFound(string.Create(CultureInfo.InvariantCulture, $"number {id}"));

    public static Refusal Title() =>
        new(RefusalKind.Invalid, "job.title", $"A title has 1 to {Job.MaxTitle} characters.", "title");

    public static Refusal State(string word) => new(
        RefusalKind.Invalid, "job.state", $"'{word}' is no state of a mail job. Possible: {string.Join(", ", Enum.GetValues<JobState>().Select(Words.Of))}.", "state");

    public static Refusal Changed(Job job) => new(
        RefusalKind.Conflict, "job.changed", $"Mail job {job.Code} was changed meanwhile. Load it again and look at the change first.");

    public static Refusal NotOpen(Job job) => new(RefusalKind.Conflict, "job.not-open", job.State switch
    {
        JobState.Waiting => $"Mail job {job.Code} is authorised. Revoke its authorisation before you change it.",
        JobState.Failed when job.HandedOverAt is null => $"Mail job {job.Code} has failed. Re-open it before you change it.",
        _ => $"Mail job {job.Code} is {NameOf(job.State)} and cannot be changed any more.",
    });

    public static Refusal NotWaiting(Job job) => new(RefusalKind.Conflict, "job.not-waiting", job.State switch
    {
        JobState.Open => $"Mail job {job.Code} is not authorised.",
        JobState.Processing => $"Mail job {job.Code} is being delivered already. It can be stopped.",
        _ => $"Mail job {job.Code} is {NameOf(job.State)}, not waiting.",
    });

    public static Refusal NotProcessing(Job job) => new(RefusalKind.Conflict, "job.not-processing", job.State switch
    {
        JobState.Waiting => $"Mail job {job.Code} is not being delivered yet. Its authorisation can be revoked.",
        _ => $"Mail job {job.Code} is {NameOf(job.State)}, not being delivered.",
    });

    public static Refusal NotFailed(Job job) =>
        new(RefusalKind.Conflict, "job.not-failed", $"Mail job {job.Code} is {NameOf(job.State)}; this is for failed jobs.");

    public static Refusal NotDue(Job job) => new(RefusalKind.Conflict, "job.not-due", $"Mail job {job.Code} is not due yet.");

    public static Refusal NotDeletable(Job job) => new(
        RefusalKind.Conflict, "job.not-deletable", $"Mail job {job.Code} is {NameOf(job.State)}; only open jobs can be deleted, because a receipt has to last.");

    public static Refusal AlreadyHandedOver(Job job) => new(
        RefusalKind.Conflict,
        "job.handed-over",
        $"Part of mail job {job.Code} has been handed over for delivery, so it cannot be opened again. Retry it, or close it.");

    public static Refusal NothingToAccept(Job job) =>
        new(RefusalKind.Conflict, "job.test-not-sent", $"Mail job {job.Code} has no test to accept. Send test messages first, or waive the test.");

    public static Refusal StepNotDone(Job job, StepStatus step) => new(
        RefusalKind.Conflict,
        "job.step-not-done",
        $"Mail job {job.Code} cannot be authorised: {Workflow.NameOf(step.Step)}: {step.Detail ?? step.Summary}",
        WordOf(step.Step));

    public static Refusal StepNotPossible(Job job, StepStatus step) => new(
        RefusalKind.Conflict,
        "job.step-not-possible",
        $"{Workflow.NameOf(step.Step)} of mail job {job.Code} is not possible yet. {step.Detail}",
        WordOf(step.Step));

    public static Refusal InThePast(JobSchedule schedule) =>
        new(RefusalKind.Invalid, "schedule.past", $"{schedule} is in the past. Choose a later time, or send at once.", "at");

    private static string NameOf(JobState state) => state switch
    {
        JobState.Open => "open",
        JobState.Waiting => "waiting",
        JobState.Processing => "being delivered",
        JobState.Failed => "failed",
        JobState.Completed => "completed",
    };

    private static string WordOf(JobStep step) => Words.Of(step);
}

/// <summary>The reasons for which the life of a job itself makes it fail.</summary>
internal static class JobFailures
{
    public static JobFailure Missed(DateTimeOffset dueAt) => new(
        "missed",
        string.Create(CultureInfo.InvariantCulture, $"It was due at {dueAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC, when the server was not running, and an hour has passed since. Retry sends it now."));

    public static JobFailure Stopped(Actor who) => new("stopped", $"Stopped by {who.Name}.");
}
