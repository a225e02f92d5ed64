// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Links;
using Tutti.Mail.Merging.Filters;

namespace Tutti.Mail.Composing;

/// <summary>A message as people write it. At least one of <see cref="Html"/> and <see cref="Text"/> is needed.</summary>
public sealed record MessageSource
{
    /// <summary>Subject, with merge fields.</summary>
    public required string Subject { get; init; }

    /// <summary>HTML part, with merge fields; null for none.</summary>
    public string? Html { get; init; }

    /// <summary>Plain text part, with merge fields; null for none.</summary>
    public string? Text { get; init; }

    /// <summary>What inboxes show behind the subject, with merge fields: plain text that the HTML part holds hidden before everything else. Empty for none.</summary>
    public string Preheader { get; init; } = "";

    /// <summary>In which language numbers, amounts and dates are written.</summary>
    public MergeLanguage Language { get; init; } = new();

    /// <summary>Address of the sender.</summary>
    public required string FromAddress { get; init; }

    /// <summary>Name of the sender, or nothing.</summary>
    public string FromName { get; init; } = "";

    /// <summary>Where answers go, if not to the sender.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>What is learnt about recipients.</summary>
    public TrackingType Tracking { get; init; } = TrackingType.Personal;

    /// <summary>What is decided about its links.</summary>
    public LinkPlan Links { get; init; } = LinkPlan.None;

    /// <summary>Identifier for a List-Id header without angle brackets (RFC 2919), or nothing.</summary>
    public string? ListId { get; init; }

    /// <summary>What mailbox providers count complaints by, "job:list:sender" (Feedback-ID, at most three parts and the sender's own), or nothing.</summary>
    public string? FeedbackId { get; init; }

    /// <summary>More headers, in order. Names that the message has by itself are refused.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ExtraHeaders { get; init; } = [];

    /// <summary>Files that travel with the message, in order. Their bytes are handed to whoever composes.</summary>
    public IReadOnlyList<MessageFile> Files { get; init; } = [];
}
