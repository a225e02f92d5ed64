// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Widgets;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Jobs;

/// <summary>How jobs and their steps are shown: words and colours.</summary>
internal static class JobLook
{
    /// <summary>A state in a word.</summary>
    public static string WordOf(JobState state) => state switch
    {
        JobState.Open => JobsWords.Open,
        JobState.Waiting => JobsWords.Waiting,
        JobState.Processing => JobsWords.Processing,
        JobState.Failed => JobsWords.Failed,
        JobState.Completed => JobsWords.Completed,
        JobState.Archived => JobsWords.Archived,
    };

    /// <summary>Where a job stands, in a word or two.</summary>
    public static string WordOf(Job job) => job.IsSimulated ? SharedWords.Fill(JobsWords.SimulatedState, StateOf(job)) : StateOf(job);

    private static string StateOf(Job job) => job switch
    {
        { ClosedAfterFailure: true } => JobsWords.Closed,
        { State: JobState.Failed, Failure.Code: "stopped" } => JobsWords.Stopped,
        { State: JobState.Failed, Failure.Code: "missed" } => JobsWords.Missed,
        _ => WordOf(job.State),
    };

    /// <summary>The colour of where a job stands.</summary>
    public static NoteKind KindOf(Job job) => job switch
    {
        { ClosedAfterFailure: true } or { State: JobState.Archived } => NoteKind.Plain,
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
        (JobStep.Recipients, false) => JobsWords.AddRecipients,
        (JobStep.Recipients, true) => JobsWords.ChangeRecipients,
        (JobStep.Content, false) => JobsWords.WriteMessage,
        (JobStep.Content, true) => JobsWords.EditMessage,
        (JobStep.Tracking, false) => JobsWords.ChooseTracking,
        (JobStep.Tracking, true) => JobsWords.ChangeTracking,
        (JobStep.Sender, false) => JobsWords.NameSender,
        (JobStep.Sender, true) => JobsWords.ChangeSender,
        (JobStep.Test, false) => JobsWords.TestDelivery,
        (JobStep.Test, true) => JobsWords.TestAgain,
        (JobStep.Schedule, false) => JobsWords.ChooseTime,
        (JobStep.Schedule, true) => JobsWords.ChangeTime,
        (JobStep.Authorize, _) => JobsWords.AuthoriseDelivery,
    };
}
