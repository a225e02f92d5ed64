// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Senders;

/// <summary>Who let a job leave although its sender domain is not fit for it.</summary>
internal sealed class OverrideStore(Database database)
{
    /// <summary>Who overrode the block for a job's sender domain, or null.</summary>
    public async Task<Actor?> Find(long jobId, string domain, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Actor>(new CommandDefinition(
            "SELECT who_id AS Id, who_name AS Name FROM sender_override WHERE job_id = @jobId AND domain = @domain",
            new { jobId, domain },
            cancellationToken: cancellationToken));
    }

    /// <summary>Records an override, within the transaction that writes it into the journal.</summary>
    public static Task Save(DbTransaction transaction, long jobId, string domain, Actor who, DateTimeOffset at, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO sender_override (job_id, domain, who_id, who_name, at) VALUES (@jobId, @domain, @Id, @Name, @at)
            ON CONFLICT (job_id, domain) DO NOTHING
            """,
            new { jobId, domain, who.Id, who.Name, at = at.ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken));
}
