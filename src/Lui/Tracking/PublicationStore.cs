// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Components;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tracking;

/// <summary>Which tracker store has which publication on its disk.</summary>
internal sealed class PublicationStore(Database database)
{
    /// <summary>The number of a delivery's first publication.</summary>
    public const long First = 1;

    /// <summary>Remembers that a store confirmed a publication.</summary>
    public Task Save(string feed, long deliveryId, long number, DateTimeOffset at, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO publication (feed, delivery_id, number, confirmed_at) VALUES (@feed, @deliveryId, @number, @at)
            ON CONFLICT (feed, delivery_id, number) DO NOTHING
            """,
            new { feed, deliveryId, number, at = at.ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Whether a store has a delivery's links on its disk.</summary>
    public async Task<bool> Has(string feed, long deliveryId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM publication WHERE feed = @feed AND delivery_id = @deliveryId AND number = @number",
            new { feed, deliveryId, number = First },
            cancellationToken: cancellationToken)) > 0;
    }

    /// <summary>Deliveries that lead to a tracker's host name and that its store does not have, the newest first.</summary>
    public async Task<IReadOnlyList<long>> Missing(string feed, string trackingHost, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var addresses = await connection.QueryAsync<string>(new CommandDefinition("SELECT DISTINCT tracking_url FROM delivery", cancellationToken: cancellationToken));
        var missing = new List<long>();
        foreach (var trackingUrl in addresses.Where(url => Component.HostOf(url) == trackingHost))
        {
            missing.AddRange(await connection.QueryAsync<long>(new CommandDefinition(
                """
                SELECT delivery.id FROM delivery
                WHERE delivery.tracking_url = @trackingUrl AND NOT EXISTS (
                    SELECT 1 FROM publication
                    WHERE publication.feed = @feed AND publication.delivery_id = delivery.id AND publication.number = @number)
                ORDER BY delivery.id DESC LIMIT @limit
                """,
                new { feed, trackingUrl, number = First, limit },
                cancellationToken: cancellationToken)));
        }

        return [.. missing.OrderDescending().Take(limit)];
    }
}
