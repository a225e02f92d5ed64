// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Webhooks;

/// <summary>An event on its way to one webhook.</summary>
internal sealed record WebhookMessage
{
    /// <summary>The webhook.</summary>
    public long WebhookId { get; init; }

    /// <summary>Its number among the messages of this webhook, without gaps from 1.</summary>
    public long Number { get; init; }

    /// <summary>The same in every attempt; by it receivers know what they have had.</summary>
    public string EventId { get; init; } = "";

    /// <summary>One of <see cref="Events.EventTypes"/>.</summary>
    public string Type { get; init; } = "";

    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The job; 0 for a message that tries the webhook out.</summary>
    public long JobId { get; init; }

    /// <summary>The recipient it concerns, if any.</summary>
    public long? RecipientId { get; init; }

    /// <summary>What else there is to say, JSON.</summary>
    public string Data { get; init; } = "{}";

    /// <summary>Where it stands.</summary>
    public MessageState State { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>How often it had been tried when it was queued last.</summary>
    public int SeriesFrom { get; init; }

    /// <summary>When it was queued last.</summary>
    public DateTimeOffset QueuedAt { get; init; }

    /// <summary>When it is tried next, while it waits.</summary>
    public DateTimeOffset NextAt { get; init; }

    /// <summary>Status of the last answer; null if there was none.</summary>
    public int? Status { get; init; }

    /// <summary>The begin of the last answer, or why there was none.</summary>
    public string Answer { get; init; } = "";

    /// <summary>How long the last attempt took, in milliseconds.</summary>
    public long? TookMs { get; init; }

    /// <summary>When it was tried last.</summary>
    public DateTimeOffset? TriedAt { get; init; }

    /// <summary>Code of the job, while it is there.</summary>
    public string? JobCode { get; init; }

    /// <summary>Address of the recipient, while it is there.</summary>
    public string? Address { get; init; }
}

/// <summary>Where a message stands.</summary>
internal enum MessageState
{
    /// <summary>It is to be sent, for the first time or again.</summary>
    Waiting,

    /// <summary>The receiver answered 2xx.</summary>
    Delivered,

    /// <summary>It was tried as long as it may be.</summary>
    GivenUp,
}

/// <summary>An attempt to send a message.</summary>
/// <param name="Number">Which attempt of the message it was, from 1.</param>
/// <param name="At">When it began.</param>
/// <param name="Status">Of the answer; null if there was none.</param>
/// <param name="Answer">Its begin, or why there was none.</param>
/// <param name="TookMs">How long it took, in milliseconds.</param>
internal sealed record WebhookAttempt(int Number, DateTimeOffset At, int? Status, string Answer, long TookMs);
