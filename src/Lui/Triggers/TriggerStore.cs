// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Triggers;

/// <summary>The addresses that let jobs go; at most one for each job.</summary>
internal sealed class TriggerStore(Database database)
{
    /// <summary>Keeps an address in the place of the job's former one.</summary>
    public static Task Save(DbTransaction transaction, TriggerAddress address, string hash, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO job_trigger (job_id, token_hash, made_at, who_id, who_name) VALUES (@JobId, @hash, @at, @whoId, @whoName)
            ON CONFLICT (job_id) DO UPDATE
                SET token_hash = excluded.token_hash, made_at = excluded.made_at, who_id = excluded.who_id, who_name = excluded.who_name
            """,
            new { address.JobId, hash, at = address.MadeAt.ToUnixTimeMilliseconds(), whoId = address.Who.Id, whoName = address.Who.Name },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Forgets a job's address; false if it has none.</summary>
    public static async Task<bool> Remove(DbTransaction transaction, long jobId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "DELETE FROM job_trigger WHERE job_id = @jobId", new { jobId }, transaction, cancellationToken: cancellationToken)) > 0;

    /// <summary>A job's address, or null.</summary>
    public async Task<TriggerAddress?> Of(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<(long MadeAt, string WhoId, string WhoName)?>(new CommandDefinition(
            "SELECT made_at, who_id, who_name FROM job_trigger WHERE job_id = @jobId", new { jobId }, cancellationToken: cancellationToken));
        return row is { } found
            ? new TriggerAddress(jobId, DateTimeOffset.FromUnixTimeMilliseconds(found.MadeAt), new Actor(found.WhoId, found.WhoName))
            : null;
    }

    /// <summary>The job that a token lets go, or null.</summary>
    public async Task<long?> JobOf(string hash, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            "SELECT job_id FROM job_trigger WHERE token_hash = @hash", new { hash }, cancellationToken: cancellationToken));
    }
}
