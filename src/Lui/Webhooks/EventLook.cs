// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Widgets;
using Tutti.Frame.Words;
using Tutti.Lui.Webhooks.Events;

namespace Tutti.Lui.Webhooks;

/// <summary>Webhooks, events and messages as people read them.</summary>
internal static class EventLook
{
    /// <summary>An event in people's words.</summary>
    public static string NameOf(string type) => type switch
    {
        "job.created" => WebhooksWords.JobCreated,
        "job.authorized" => WebhooksWords.JobAuthorized,
        "job.revoked" => WebhooksWords.JobRevoked,
        "job.started" => WebhooksWords.JobStarted,
        "job.completed" => WebhooksWords.JobCompleted,
        "job.failed" => WebhooksWords.JobFailed,
        "job.missed" => WebhooksWords.JobMissed,
        "job.stopped" => WebhooksWords.JobStopped,
        "job.retried" => WebhooksWords.JobRetried,
        "job.resumed" => WebhooksWords.JobResumed,
        "job.reopened" => WebhooksWords.JobReopened,
        "job.closed" => WebhooksWords.JobClosed,
        "job.deleted" => WebhooksWords.JobDeleted,
        "recipient.accepted" => WebhooksWords.RecipientAccepted,
        "recipient.refused" => WebhooksWords.RecipientRefused,
        "recipient.expired" => WebhooksWords.RecipientExpired,
        "recipient.suppressed" => WebhooksWords.RecipientSuppressed,
        "recipient.withdrawn" => WebhooksWords.RecipientWithdrawn,
        "recipient.in-doubt" => WebhooksWords.RecipientInDoubt,
        EventTypes.Bounced => WebhooksWords.RecipientBounced,
        EventTypes.Complained => WebhooksWords.RecipientComplained,
        EventTypes.Unsubscribed => WebhooksWords.RecipientUnsubscribed,
        EventTypes.Opened => WebhooksWords.RecipientOpened,
        EventTypes.Clicked => WebhooksWords.RecipientClicked,
        EventTypes.Test => WebhooksWords.TestEvent,
        _ => type,
    };

    /// <summary>Where a message stands.</summary>
    public static (string Words, NoteKind Kind) Of(MessageState state) => state switch
    {
        MessageState.Waiting => (WebhooksWords.Waiting, NoteKind.Plain),
        MessageState.Delivered => (WebhooksWords.Delivered, NoteKind.Done),
        MessageState.GivenUp => (WebhooksWords.GivenUp, NoteKind.Loss),
    };

    /// <summary>How a webhook does.</summary>
    public static (string Words, NoteKind Kind) Of(Webhook webhook) => webhook switch
    {
        { IsOn: false } => (WebhooksWords.Off, webhook.OffReason.Length > 0 ? NoteKind.Loss : NoteKind.Plain),
        { Failures: > 0 } => (WebhooksWords.Fails, NoteKind.Attention),
        _ => (WebhooksWords.On, NoteKind.Done),
    };

    /// <summary>What became of an attempt: "answered 200 after 12 ms".</summary>
    public static string WordsOf(WebhookAttempt attempt) => attempt.Status is { } status
        ? SharedWords.Fill(WebhooksWords.AnsweredAfter, status.ToString(System.Globalization.CultureInfo.InvariantCulture), SharedWords.Number(attempt.TookMs))
        : SharedWords.Fill(WebhooksWords.NoAnswerAfter, attempt.Answer, SharedWords.Number(attempt.TookMs));
}
