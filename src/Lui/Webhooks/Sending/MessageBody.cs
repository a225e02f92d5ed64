// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using Tutti.Lui.Webhooks.Events;

namespace Tutti.Lui.Webhooks.Sending;

/// <summary>What a receiver gets: id, type, number, timestamp, and the data of the event.</summary>
internal static class MessageBody
{
    /// <summary>The bytes of a message, the same in every attempt as long as job and recipient are there.</summary>
    public static byte[] Of(WebhookMessage message) => JsonSerializer.SerializeToUtf8Bytes(Document(message), WebhookOutbox.Json);

    /// <summary>The same as a document.</summary>
    public static JsonObject Document(WebhookMessage message)
    {
        var data = JsonNode.Parse(message.Data)!.AsObject();
        if (message.RecipientId is { } recipient)
        {
            data.Insert(0, "recipient", new JsonObject { ["number"] = recipient, ["address"] = message.Address });
        }

        if (message.JobCode is { } job && !data.ContainsKey("job"))
        {
            data.Insert(0, "job", job);
        }

        return new JsonObject
        {
            ["id"] = message.EventId,
            ["type"] = message.Type,
            ["number"] = message.Number,
            ["timestamp"] = message.At.UtcDateTime,
            ["data"] = data,
        };
    }
}
