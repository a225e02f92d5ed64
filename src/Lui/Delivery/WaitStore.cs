// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Delivery;

/// <summary>Why a delivery does not go on at the moment.</summary>
/// <param name="Reason">What is missing and what to do, in words.</param>
/// <param name="Since">Unix time in milliseconds.</param>
internal sealed record DeliveryWait(string Reason, long Since);

/// <summary>The reasons for which deliveries wait, for the job's page.</summary>
internal sealed class WaitStore(Database database, TimeProvider clock)
{
    /// <summary>Remembers a reason; null: it goes on.</summary>
    public async Task Save(long deliveryId, string? reason, CancellationToken cancellationToken)
    {
        if ((await Find(deliveryId, cancellationToken))?.Reason == reason)
        {
            return;
        }

        await database.Write(
            transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
                reason is null
                    ? "DELETE FROM delivery_wait WHERE delivery_id = @deliveryId"
                    : """
                      INSERT INTO delivery_wait (delivery_id, reason, since) VALUES (@deliveryId, @reason, @now)
                      ON CONFLICT (delivery_id) DO UPDATE SET reason = excluded.reason
                      """,
                new { deliveryId, reason, now = clock.GetUtcNow().ToUnixTimeMilliseconds() },
                transaction,
                cancellationToken: cancellationToken)),
            cancellationToken);
    }

    /// <summary>The reason, or null while the delivery goes on.</summary>
    public async Task<DeliveryWait?> Find(long deliveryId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<DeliveryWait>(new CommandDefinition(
            "SELECT reason, since FROM delivery_wait WHERE delivery_id = @deliveryId", new { deliveryId }, cancellationToken: cancellationToken));
    }
}
