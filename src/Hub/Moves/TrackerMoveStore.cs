// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Hub.Moves;

/// <summary>A tracker whose place another one takes.</summary>
internal sealed record TrackerMove(string StoreId, string OldHost, long OldPort, string NewHost, long NewPort);

/// <summary>Keeps which tracker takes whose place. One that is retired is no component of the installation any more.</summary>
internal sealed class TrackerMoveStore(Database database, TimeProvider clock)
{
    /// <summary>The move of a tracker that is not retired yet; null if there is none.</summary>
    public async Task<TrackerMove?> Find(string storeId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<TrackerMove>(new CommandDefinition(
            """
            SELECT store_id AS StoreId, old_host AS OldHost, CAST(old_port AS BIGINT) AS OldPort, new_host AS NewHost, CAST(new_port AS BIGINT) AS NewPort
            FROM tracker_move WHERE store_id = @storeId AND retired_at IS NULL
            """,
            new { storeId },
            cancellationToken: cancellationToken));
    }

    /// <summary>It begins; begun again it stays as it is.</summary>
    public Task Begin(TrackerMove move, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO tracker_move (store_id, old_host, old_port, new_host, new_port, began_at)
            VALUES (@StoreId, @OldHost, @OldPort, @NewHost, @NewPort, @now) ON CONFLICT (store_id) DO NOTHING
            """,
            new { move.StoreId, move.OldHost, move.OldPort, move.NewHost, move.NewPort, now = clock.GetUtcNow().ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>It is taken back.</summary>
    public Task Forget(string storeId, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "DELETE FROM tracker_move WHERE store_id = @storeId AND retired_at IS NULL", new { storeId }, transaction, cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>It is done.</summary>
    public Task Retire(string storeId, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE tracker_move SET retired_at = @now WHERE store_id = @storeId AND retired_at IS NULL",
            new { storeId, now = clock.GetUtcNow().ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);
}
