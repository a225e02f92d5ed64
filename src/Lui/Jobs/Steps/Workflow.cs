// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Jobs.Steps;

/// <summary>The seven steps of a job and how far each is: the rule of what depends on what.</summary>
internal sealed record Workflow(IReadOnlyList<StepStatus> Steps)
{
    private static readonly StepReport _recipientsOpen = new(StepState.Open, "No recipients yet.");
    private static readonly StepReport _contentOpen = new(StepState.Open, "No message yet.");

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
                report = new StepReport(StepState.NotYetPossible, report.Summary, $"First finish: {string.Join(", ", missing.Select(NameOf))}.");
            }

            steps.Add(new StepStatus(step, report.State, report.Summary, report.Detail, job.Edits.GetValueOrDefault(step)));
        }

        return new Workflow(steps);
    }

    /// <summary>The name of a step as people read it.</summary>
    public static string NameOf(JobStep step) => step switch
    {
        JobStep.Recipients => "Recipients",
        JobStep.Content => "Content",
        JobStep.Tracking => "Tracking",
        JobStep.Sender => "Sender",
        JobStep.Test => "Delivery test",
        JobStep.Schedule => "Schedule",
        JobStep.Authorize => "Authorisation",
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
        JobStep.Recipients => _recipientsOpen,
        JobStep.Content => _contentOpen,
        JobStep.Tracking => job.Tracking is { } tracking ? OfTracking(tracking) : new StepReport(StepState.Open, "Not decided yet."),
        JobStep.Sender => OfSender(job.Sender),
        JobStep.Test => OfTest(job.TestState),
        JobStep.Schedule => job.Schedule is { } schedule ? new StepReport(StepState.Done, schedule.ToString()) : new StepReport(StepState.Open, "No time chosen yet."),
        JobStep.Authorize => job.AuthorizedBy is { } who
            ? new StepReport(StepState.Done, $"Authorised by {who.Name}.")
            : new StepReport(StepState.Open, "Not authorised yet."),
    };

    private static StepReport OfTracking(JobTracking tracking) => tracking switch
    {
        JobTracking.Personal => new StepReport(StepState.Done, "Personal: opens and clicks lead back to the recipient."),
        JobTracking.Blind => new StepReport(StepState.Done, "Blind: opens and clicks are counted, nothing leads back to a recipient."),
        JobTracking.Off => new StepReport(StepState.Done, "Off: nothing is tracked."),
    };

    private static StepReport OfSender(JobSender? sender) => sender switch
    {
        null => new StepReport(StepState.Open, "No sender yet."),
        { Name: "" } => new StepReport(StepState.Done, sender.Address),
        _ => new StepReport(StepState.Done, $"{sender.Name} <{sender.Address}>"),
    };

    private static StepReport OfTest(TestState test) => test switch
    {
        TestState.None => new StepReport(StepState.Open, "Not tested yet."),
        TestState.Sent => new StepReport(StepState.Open, "Test messages were sent; accept the test when they look right."),
        TestState.Accepted => new StepReport(StepState.Done, "Test accepted."),
        TestState.Waived => new StepReport(StepState.Done, "Test waived."),
        TestState.Outdated => new StepReport(StepState.NeedsAttention, "Tested before the last change.", "Something was changed after the test; test again."),
    };
}
