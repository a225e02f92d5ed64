// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Widgets;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Jobs;

/// <summary>How jobs and their steps are shown: words and colours.</summary>
internal static class JobLook
{
    /// <summary>A state in a word.</summary>
    public static string WordOf(JobState state) => state switch
    {
        JobState.Open => "Open",
        JobState.Waiting => "Waiting",
        JobState.Processing => "Processing",
        JobState.Failed => "Failed",
        JobState.Completed => "Completed",
    };

    /// <summary>Where a job stands, in a word or two.</summary>
    public static string WordOf(Job job) => job switch
    {
        { ClosedAfterFailure: true } => "Closed",
        { State: JobState.Failed, Failure.Code: "stopped" } => "Stopped",
        { State: JobState.Failed, Failure.Code: "missed" } => "Missed",
        _ => WordOf(job.State),
    };

    /// <summary>The colour of where a job stands.</summary>
    public static NoteKind KindOf(Job job) => job switch
    {
        { ClosedAfterFailure: true } => NoteKind.Plain,
        { State: JobState.Open } => NoteKind.Plain,
        { State: JobState.Waiting or JobState.Processing } => NoteKind.Accent,
        { State: JobState.Failed } => NoteKind.Attention,
        _ => NoteKind.Done,
    };

    /// <summary>How a step's card looks.</summary>
    public static StepLook LookOf(StepState state) => state switch
    {
        StepState.NotYetPossible => StepLook.Blocked,
        StepState.Open => StepLook.Open,
        StepState.NeedsAttention => StepLook.Attention,
        StepState.Done => StepLook.Done,
    };

    /// <summary>The step's page below the job's.</summary>
    public static string PathOf(JobStep step) => step switch
    {
        JobStep.Recipients => "recipients",
        JobStep.Content => "content",
        JobStep.Tracking => "tracking",
        JobStep.Sender => "sender",
        JobStep.Test => "test",
        JobStep.Schedule => "schedule",
        JobStep.Authorize => "authorise",
    };

    /// <summary>What is done on the step's page: a verb with its object.</summary>
    public static string VerbOf(JobStep step, bool done) => (step, done) switch
    {
        (JobStep.Recipients, false) => "Add recipients",
        (JobStep.Recipients, true) => "Change recipients",
        (JobStep.Content, false) => "Write message",
        (JobStep.Content, true) => "Edit message",
        (JobStep.Tracking, false) => "Choose tracking",
        (JobStep.Tracking, true) => "Change tracking",
        (JobStep.Sender, false) => "Name sender",
        (JobStep.Sender, true) => "Change sender",
        (JobStep.Test, false) => "Test delivery",
        (JobStep.Test, true) => "Test again",
        (JobStep.Schedule, false) => "Choose time",
        (JobStep.Schedule, true) => "Change time",
        (JobStep.Authorize, _) => "Authorise delivery",
    };
}
