// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using Tutti.Lui.Recipients;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Delivery.Batches;

/// <summary>Reads whom a delivery goes to: the snapshot of a job, or the addressees of a test with the data of their samples.</summary>
internal sealed class AddresseeReader(Database database, RecipientStore recipients)
{
    private const int Page = 1000;

    /// <summary>At most so many addressees behind a place, in the order of the delivery.</summary>
    public async IAsyncEnumerable<Addressee> Read(
        Delivery delivery, long after, long last, int take, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (delivery.Kind == DeliveryKind.Test)
        {
            foreach (var addressee in await OfTest(delivery, after, last, take, cancellationToken))
            {
                yield return addressee;
            }

            yield break;
        }

        if (delivery.Zones is not null)
        {
            foreach (var addressee in await InOrder(delivery, after, last, take, cancellationToken))
            {
                yield return addressee;
            }

            yield break;
        }

        foreach (var recipient in await recipients.Read(delivery.RecipientsId, after, last, take, cancellationToken))
        {
            yield return new Addressee(recipient.Id, recipient.Address, recipient.DisplayName, recipient.Fields);
        }
    }

    /// <summary>The addressees of a batch that was fixed before: those without a fate of LUI's own.</summary>
    public async IAsyncEnumerable<Addressee> ReadFixed(Delivery delivery, long after, long last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = await LeftOut(delivery, after, last, cancellationToken);
        var from = after;
        while (from < last)
        {
            var seen = from;
            await foreach (var addressee in Read(delivery, from, last, Page, cancellationToken))
            {
                seen = addressee.Position;
                if (!left.Contains(addressee.Id))
                {
                    yield return addressee;
                }
            }

            if (seen == from)
            {
                yield break;
            }

            from = seen;
        }
    }

    /// <summary>Certain recipients of a job's snapshot.</summary>
    public async IAsyncEnumerable<Addressee> ReadThese(Delivery delivery, IReadOnlyList<long> ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            if (await recipients.Find(delivery.RecipientsId, id, cancellationToken) is { } recipient)
            {
                yield return new Addressee(recipient.Id, recipient.Address, recipient.DisplayName, recipient.Fields);
            }
        }
    }

    private async Task<IReadOnlyList<Addressee>> InOrder(Delivery delivery, long after, long last, int take, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Position, long Id, string Address, string Name, string Fields)>(new CommandDefinition(
            """
            SELECT placed.position, recipient.id, recipient.address, recipient.display_name, recipient.fields FROM delivery_order placed
            JOIN recipient ON recipient.recipients_id = @RecipientsId AND recipient.id = placed.recipient_id
            WHERE placed.delivery_id = @Id AND placed.position > @after AND placed.position <= @last
            ORDER BY placed.position LIMIT @take
            """,
            new { delivery.Id, delivery.RecipientsId, after, last, take },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new Addressee(row.Id, row.Address, row.Name, JsonSerializer.Deserialize<string[]>(row.Fields)!) { Position = row.Position })];
    }

    private async Task<HashSet<long>> LeftOut(Delivery delivery, long after, long last, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return [.. await connection.QueryAsync<long>(new CommandDefinition(
            delivery.Zones is null
                ? "SELECT recipient_id FROM outcome WHERE job_id = @Id AND recipient_id > @after AND recipient_id <= @last AND feed = 0"
                : """
                  SELECT outcome.recipient_id FROM delivery_order placed
                  JOIN outcome ON outcome.job_id = placed.delivery_id AND outcome.recipient_id = placed.recipient_id AND outcome.feed = 0
                  WHERE placed.delivery_id = @Id AND placed.position > @after AND placed.position <= @last
                  """,
            new { delivery.Id, after, last },
            cancellationToken: cancellationToken))];
    }

    private async Task<IReadOnlyList<Addressee>> OfTest(Delivery delivery, long after, long last, int take, CancellationToken cancellationToken)
    {
        List<(long Id, string Address, long SampleId)> rows;
        await using (var connection = await database.Open(cancellationToken))
        {
            rows = [.. await connection.QueryAsync<(long, string, long)>(new CommandDefinition(
                "SELECT id, address, sample_id FROM test_recipient WHERE delivery_id = @Id AND id > @after AND id <= @last ORDER BY id LIMIT @take",
                new { delivery.Id, after, last, take },
                cancellationToken: cancellationToken))];
        }

        var addressees = new List<Addressee>(rows.Count);
        foreach (var (id, address, sampleId) in rows)
        {
            var sample = await recipients.Find(delivery.RecipientsId, sampleId, cancellationToken);
            addressees.Add(new Addressee(id, address, sample?.DisplayName ?? "", sample?.Fields ?? []));
        }

        return addressees;
    }
}
