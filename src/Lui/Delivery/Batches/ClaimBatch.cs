// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Frame.Words;
using Tutti.Lui.Components;
using Tutti.Lui.Doubts;
using Tutti.Lui.Fates;
using Tutti.Lui.Suppression;
using Tutti.Wiring.Storage;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Delivery.Batches;

/// <summary>A batch that is fixed in the database, with its content as it goes over the wire.</summary>
internal sealed record ReadyBatch(Batch Batch, Wire.Batch Content);

/// <summary>
/// Decides who is in the next batch and which distributor gets it, and fixes both before the first attempt. Whoever
/// stands on the suppression list at that moment, or cannot be composed for, gets a fate here and is never offered.
/// </summary>
internal sealed class ClaimBatch(Database database, AddresseeReader addressees, OutcomeStore outcomes, DoubtStore doubts, TimeProvider clock)
{
    /// <summary>Most recipients of a batch.</summary>
    public const int MostRecipients = 1000;

    /// <summary>Size at which a batch is full; a message on the wire stays below 1 MiB.</summary>
    public const int FullSize = 768 * 1024;

    private const int MostOfOne = 128 * 1024;

    /// <summary>The next batch, or null if nobody is left, the course was changed, or only recipients without an offer came.</summary>
    public async Task<ReadyBatch?> Next(Delivery delivery, long claimedTo, MessageValues values, Component distributor, CancellationToken cancellationToken)
    {
        var content = new Wire.Batch { JobId = (ulong)delivery.Id, Capture = delivery.Simulated };
        var refused = new List<FateEvent>();
        var size = 0;
        var lastId = claimedTo;
        await foreach (var addressee in addressees.Read(delivery, claimedTo, delivery.ReleasedTo, MostRecipients, cancellationToken))
        {
            lastId = addressee.Position;
            var recipient = Compute(values, addressee, out var problem);
            if (recipient is null)
            {
                refused.Add(Own(delivery.Id, addressee.Id, Fate.Refused, problem));
                continue;
            }

            content.Recipients.Add(recipient);
            size += recipient.CalculateSize();
            if (size >= FullSize)
            {
                break;
            }
        }

        // Rows behind the last valid recipient are passed over in one step.
        return await Fix(delivery, claimedTo, lastId == claimedTo ? delivery.ReleasedTo : lastId, content, refused, distributor, cancellationToken);
    }

    /// <summary>The content of a batch that was fixed before, the same bytes again.</summary>
    public async Task<ReadyBatch> Again(Delivery delivery, Batch batch, MessageValues values, CancellationToken cancellationToken)
    {
        var content = new Wire.Batch { JobId = (ulong)delivery.Id, Number = (uint)batch.Number, Repeats = batch.Repeats != 0, Capture = delivery.Simulated };
        var fixedOnes = content.Repeats
            ? addressees.ReadThese(delivery, await doubts.InBatch(delivery.Id, batch.Number, cancellationToken), cancellationToken)
            : addressees.ReadFixed(delivery, batch.AfterId, batch.LastId, cancellationToken);
        await foreach (var addressee in fixedOnes)
        {
            if (Compute(values, addressee, out _) is { } recipient)
            {
                content.Recipients.Add(recipient);
            }
        }

        return new ReadyBatch(batch, content);
    }

    private Task<ReadyBatch?> Fix(
        Delivery delivery,
        long afterId,
        long lastId,
        Wire.Batch content,
        List<FateEvent> refused,
        Component distributor,
        CancellationToken cancellationToken) => database.Write<ReadyBatch?>(
        async transaction =>
        {
            var own = new List<FateEvent>(refused);
            var suppressed = await Suppressed(transaction, delivery, afterId, lastId, cancellationToken);
            if (suppressed.Count > 0)
            {
                var kept = content.Recipients.Where(recipient => !suppressed.ContainsKey((long)recipient.Id)).ToList();
                content.Recipients.Clear();
                content.Recipients.AddRange(kept);
                own.RemoveAll(one => suppressed.ContainsKey(one.RecipientId));
                own.AddRange(suppressed.Select(one => Own(delivery.Id, one.Key, Fate.Suppressed, one.Value)));
            }

            var current = await transaction.Connection!.ExecuteScalarAsync<long>(new CommandDefinition(
                "SELECT batches FROM delivery WHERE id = @Id", new { delivery.Id }, transaction, cancellationToken: cancellationToken));
            var batch = new Batch(delivery.Id, current + 1, distributor.Id, afterId, lastId, content.Recipients.Count);
            var claimed = content.Recipients.Count == 0
                ? await BatchStore.Skip(transaction, delivery.Id, afterId, lastId, Course.Run, cancellationToken)
                : await BatchStore.Fix(transaction, batch, cancellationToken);
            if (!claimed)
            {
                return null;
            }

            await outcomes.Add(transaction, own, OutcomeStore.OwnDecision, cancellationToken);
            content.Number = (uint)batch.Number;
            return new ReadyBatch(batch, content);
        },
        cancellationToken);

    private static async Task<Dictionary<long, string>> Suppressed(
        DbTransaction transaction, Delivery delivery, long afterId, long lastId, CancellationToken cancellationToken)
    {
        if (delivery.Kind == DeliveryKind.Test)
        {
            return [];
        }

        var rows = delivery.Zones is null
            ? await SuppressedRecipients.Among(transaction, delivery.RecipientsId, afterId, lastId, cancellationToken)
            : await SuppressedRecipients.AmongPlaced(transaction, delivery.Id, delivery.RecipientsId, afterId, lastId, cancellationToken);
        return rows.ToDictionary(row => row.Id, row => SharedWords.Fill(DeliveryWords.OnSuppressionList, row.Reason));
    }

    private static Wire.Recipient? Compute(MessageValues values, Addressee addressee, out string problem)
    {
        if (!values.Of(addressee).Is(out var computed, out var refusal))
        {
            problem = refusal.Message;
            return null;
        }

        // The unsubscribe link always carries the token; whether opens and clicks do, the distributor's composer sees to.
        var bearer = values.BearerOf(addressee);
        var recipient = new Wire.Recipient
        {
            Id = (ulong)addressee.Id,
            Address = addressee.Address,
            DisplayName = addressee.Name,
            Token = bearer.Token!.Value,
            Permits = bearer.Permits,
        };
        if (bearer.Trace is { } trace)
        {
            recipient.Trace = trace;
        }

        recipient.Values.AddRange(computed.Values);
        problem = "";
        if (recipient.CalculateSize() <= MostOfOne)
        {
            return recipient;
        }

        problem = SharedWords.Fill(DeliveryWords.ValuesTooLarge, SharedWords.Number(MostOfOne / 1024));
        return null;
    }

    private FateEvent Own(long deliveryId, long recipientId, Fate fate, string reply) =>
        new(deliveryId, recipientId, fate, reply, Host: "", Attempts: 0, clock.GetUtcNow().ToUnixTimeMilliseconds());
}
