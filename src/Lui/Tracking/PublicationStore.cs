// SPDX-License-Identifier: Apache-2.0
using Dapper;
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

    /// <summary>Deliveries that lead to a tracker's address and that its store does not have, the newest first.</summary>
    public async Task<IReadOnlyList<long>> Missing(string feed, string trackingUrl, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return (await connection.QueryAsync<long>(new CommandDefinition(
            """
            SELECT delivery.id FROM delivery
            WHERE delivery.tracking_url = @trackingUrl AND NOT EXISTS (
                SELECT 1 FROM publication
                WHERE publication.feed = @feed AND publication.delivery_id = delivery.id AND publication.number = @number)
            ORDER BY delivery.id DESC LIMIT @limit
            """,
            new { feed, trackingUrl, number = First, limit },
            cancellationToken: cancellationToken))).AsList();
    }
}
