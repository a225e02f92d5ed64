// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Fates;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Webhooks.Events;

/// <summary>What webhooks can tell of, as the word <c>type</c> of an event says it. A word that was once told keeps its meaning.</summary>
internal static class EventTypes
{
    /// <summary>Somebody tries a webhook out; told to that one only, whatever it asked for.</summary>
    public const string Test = "webhook.test";

    /// <summary>A recipient's message came back.</summary>
    public const string Bounced = "recipient.bounced";

    /// <summary>A recipient called a message spam.</summary>
    public const string Complained = "recipient.complained";

    /// <summary>A recipient asked for no more.</summary>
    public const string Unsubscribed = "recipient.unsubscribed";

    /// <summary>The open image of a message was fetched.</summary>
    public const string Opened = "recipient.opened";

    /// <summary>A link was followed.</summary>
    public const string Clicked = "recipient.clicked";

    /// <summary>What happens to mail jobs.</summary>
    public static IReadOnlyList<string> OfJobs { get; } =
    [
        "job.created", "job.authorized", "job.revoked", "job.started", "job.completed", "job.failed", "job.missed", "job.stopped", "job.retried", "job.resumed",
        "job.reopened", "job.closed", "job.deleted",
    ];

    /// <summary>What becomes of recipients, and what they do.</summary>
    public static IReadOnlyList<string> OfRecipients { get; } =
    [
        Of(Fate.Accepted), Of(Fate.Refused), Of(Fate.Expired), Of(Fate.Suppressed), Of(Fate.Withdrawn), Of(Fate.InDoubt), Bounced, Complained, Unsubscribed, Opened, Clicked,
    ];

    /// <summary>All that can be asked for.</summary>
    public static IReadOnlyList<string> All { get; } = [.. OfJobs, .. OfRecipients];

    /// <summary>The type of a recipient's fate.</summary>
    public static string Of(Fate fate) => $"recipient.{Words.Of(fate)}";
}
