// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Webhooks;

/// <summary>Queues messages again, with the ids and numbers that they have.</summary>
internal sealed class SendAgain(WebhookStore webhooks, MessageStore messages, TimeProvider clock)
{
    /// <summary>One message, wherever it stands.</summary>
    public async Task<Outcome<WebhookMessage>> Handle(long webhookId, long number, CancellationToken cancellationToken) =>
        await messages.SendAgain(webhookId, number, clock.GetUtcNow(), cancellationToken) && await messages.Find(webhookId, number, cancellationToken) is { } message
            ? message
            : WebhookRefusals.NoMessage(number);

    /// <summary>All that were given up; answers how many.</summary>
    public async Task<Outcome<int>> AllGivenUp(long webhookId, CancellationToken cancellationToken) =>
        await webhooks.Find(webhookId, cancellationToken) is null ? WebhookRefusals.NotFound(webhookId) : await messages.SendGivenUpAgain(webhookId, clock.GetUtcNow(), cancellationToken);
}
