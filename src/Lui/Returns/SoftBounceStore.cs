// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Returns;

/// <summary>Counts the soft bounces of addresses that are not suppressed yet.</summary>
internal sealed class SoftBounceStore(Database database, ReturnSettings settings)
{
    /// <summary>Notes a soft bounce. Answers how many there are in a row once that is enough; then they are forgotten. Else null.</summary>
    public async Task<long?> Add(DbTransaction transaction, string address, long jobId, long at)
    {
        if (settings.SoftBounces == 0)
        {
            return null;
        }

        var connection = transaction.Connection!;
        await connection.ExecuteAsync(
            "DELETE FROM soft_bounce WHERE address = @address AND at < @before",
            new { address, before = at - (long)settings.SoftBouncesWithin.TotalMilliseconds },
            transaction);
        await connection.ExecuteAsync(
            "INSERT INTO soft_bounce (address, job_id, at) VALUES (@address, @jobId, @at) ON CONFLICT (address, job_id) DO NOTHING",
            new { address, jobId, at },
            transaction);
        var times = await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM soft_bounce WHERE address = @address", new { address }, transaction);
        if (times < settings.SoftBounces)
        {
            return null;
        }

        await Forget(transaction, address);
        return times;
    }

    /// <summary>An address starts over.</summary>
    public static Task Forget(DbTransaction transaction, string address) =>
        transaction.Connection!.ExecuteAsync("DELETE FROM soft_bounce WHERE address = @address", new { address }, transaction);

    /// <summary>Recipients of a delivery opened or clicked: mail gets through to them.</summary>
    public async Task Forgive(DbTransaction transaction, long jobId, IReadOnlyList<long> recipients)
    {
        var connection = transaction.Connection!;
        if (await connection.ExecuteScalarAsync<long?>("SELECT 1 FROM soft_bounce LIMIT 1", transaction: transaction) is null)
        {
            return;
        }

        foreach (var ids in recipients.Chunk(1000))
        {
            await connection.ExecuteAsync(
                $"""
                DELETE FROM soft_bounce WHERE address IN (
                    SELECT recipient.normalized FROM delivery
                    JOIN recipient ON recipient.recipients_id = delivery.recipients_id
                    WHERE delivery.id = @jobId AND delivery.kind = 'job' AND recipient.id {(database.Dialect == Dialect.Postgres ? "= ANY (@ids)" : "IN @ids")})
                """,
                new { jobId, ids },
                transaction);
        }
    }
}
