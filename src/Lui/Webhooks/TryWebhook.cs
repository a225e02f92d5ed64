// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.Lui.Jobs;
using Tutti.Lui.Webhooks.Events;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Webhooks;

/// <summary>Sends a webhook an event that says nothing, so that people see whether it gets there.</summary>
internal sealed class TryWebhook(MessageStore messages, TimeProvider clock)
{
    /// <summary>Queues it; answers its number.</summary>
    public async Task<Outcome<long>> Handle(long webhookId, Actor who, CancellationToken cancellationToken) =>
        await messages.Add(webhookId, EventTypes.Test, JsonSerializer.Serialize(new { by = who.Name }, WebhookOutbox.Json), clock.GetUtcNow(), cancellationToken) is { } number
            ? number
            : WebhookRefusals.NotFound(webhookId);
}
