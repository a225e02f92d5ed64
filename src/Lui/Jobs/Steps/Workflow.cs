// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;

namespace Tutti.Lui.Jobs.Steps;

/// <summary>The seven steps of a job and how far each is: the rule of what depends on what.</summary>
internal sealed record Workflow(IReadOnlyList<StepStatus> Steps)
{
    /// <summary>The status of one step.</summary>
    public StepStatus this[JobStep step] => Steps[(int)step];

    /// <summary>The first step, in order, that is not done; null if all are.</summary>
    public StepStatus? Next => Steps.FirstOrDefault(step => step.State != StepState.Done);

    /// <summary>Judges the steps.</summary>
    /// <param name="job">The job.</param>
    /// <param name="reports">What slices with tables of their own say of their steps; a missing one counts as open.</param>
    public static Workflow Of(Job job, IReadOnlyDictionary<JobStep, StepReport> reports)
    {
        var steps = new List<StepStatus>(7);
        foreach (var step in Enum.GetValues<JobStep>())
        {
            var report = reports.GetValueOrDefault(step) ?? OwnReport(step, job);
            var missing = NeededFor(step).Where(needed => steps[(int)needed].State != StepState.Done).ToList();
            if (missing.Count > 0 && !IsSettled(step, job))
            {
                report = new StepReport(StepState.NotYetPossible, report.Summary, SharedWords.Fill(JobsWords.FirstFinish, string.Join(", ", missing.Select(NameOf))));
            }

            steps.Add(new StepStatus(step, report.State, report.Summary, report.Detail, job.Edits.GetValueOrDefault(step)));
        }

        return new Workflow(steps);
    }

    /// <summary>The name of a step as people read it.</summary>
    public static string NameOf(JobStep step) => step switch
    {
        JobStep.Recipients => JobsWords.StepRecipients,
        JobStep.Content => JobsWords.StepContent,
        JobStep.Tracking => JobsWords.StepTracking,
        JobStep.Sender => JobsWords.StepSender,
        JobStep.Test => JobsWords.StepTest,
        JobStep.Schedule => JobsWords.Schedule,
        JobStep.Authorize => JobsWords.StepAuthorise,
    };

    private static JobStep[] NeededFor(JobStep step) => step switch
    {
        JobStep.Recipients or JobStep.Content or JobStep.Sender or JobStep.Schedule => [],
        JobStep.Tracking => [JobStep.Recipients, JobStep.Content],
        JobStep.Test => [JobStep.Recipients, JobStep.Content, JobStep.Tracking, JobStep.Sender],
        JobStep.Authorize => [JobStep.Recipients, JobStep.Content, JobStep.Tracking, JobStep.Sender, JobStep.Test, JobStep.Schedule],
    };

    // A choice that was already made is shown as made, even while a step before it is open again.
    private static bool IsSettled(JobStep step, Job job) => step == JobStep.Tracking && job.Tracking is not null;

    private static StepReport OwnReport(JobStep step, Job job) => step switch
    {
        JobStep.Recipients => new StepReport(StepState.Open, JobsWords.NoRecipients),
        JobStep.Content => new StepReport(StepState.Open, JobsWords.NoMessage),
        JobStep.Tracking => OfTracking(job),
        JobStep.Sender => OfSender(job.Sender),
        JobStep.Test => OfTest(job.TestState),
        JobStep.Schedule => job.Schedule is { } schedule ? new StepReport(StepState.Done, schedule.ToString()) : new StepReport(StepState.Open, JobsWords.ScheduleOpen),
        JobStep.Authorize => job.AuthorizedBy is { } who
            ? new StepReport(StepState.Done, SharedWords.Fill(JobsWords.AuthorisedBy, who.Name))
            : new StepReport(StepState.Open, JobsWords.NotAuthorised),
    };

    /// <summary>What was chosen of tracking, whether it fits or not.</summary>
    public static StepReport OfTracking(Job job) => job.Tracking is not { } tracking ? new StepReport(StepState.Open, JobsWords.TrackingOpen) : tracking switch
    {
        JobTracking.Personal => new StepReport(StepState.Done, JobsWords.TrackingPersonal),
        JobTracking.Permission => new StepReport(StepState.Done, SharedWords.Fill(JobsWords.TrackingPermission, job.TrackingDetails.PermissionField)),
        JobTracking.Anonymous => new StepReport(StepState.Done, SharedWords.Fill(JobsWords.TrackingAnonymous, string.Join(", ", job.TrackingDetails.ProfileFields))),
        JobTracking.Unique => new StepReport(StepState.Done, JobsWords.TrackingUnique),
        JobTracking.Blind => new StepReport(StepState.Done, JobsWords.TrackingBlind),
        JobTracking.Off => new StepReport(StepState.Done, JobsWords.TrackingOff),
    };

    private static StepReport OfSender(JobSender? sender) => sender switch
    {
        null => new StepReport(StepState.Open, JobsWords.SenderOpen),
        { Name: "" } => new StepReport(StepState.Done, sender.Address),
        _ => new StepReport(StepState.Done, $"{sender.Name} <{sender.Address}>"),
    };

    private static StepReport OfTest(TestState test) => test switch
    {
        TestState.None => new StepReport(StepState.Open, JobsWords.TestNone),
        TestState.Sent => new StepReport(StepState.Open, JobsWords.TestSent),
        TestState.Accepted => new StepReport(StepState.Done, JobsWords.TestAccepted),
        TestState.Waived => new StepReport(StepState.Done, JobsWords.TestWaived),
        TestState.Rejected => new StepReport(StepState.NeedsAttention, JobsWords.TestRejected, JobsWords.TestRejectedAdvice),
        TestState.Outdated => new StepReport(StepState.NeedsAttention, JobsWords.TestOutdated, JobsWords.TestOutdatedAdvice),
    };
}
