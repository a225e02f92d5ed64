// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Content;

/// <summary>The contents of jobs.</summary>
internal sealed class ContentStore(Database database)
{
    /// <summary>What a job says, or null if nothing was written yet.</summary>
    public async Task<JobContent?> Find(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<JobContent>(new CommandDefinition(
            "SELECT subject, html, text FROM content WHERE job_id = @jobId", new { jobId }, cancellationToken: cancellationToken));
    }

    /// <summary>Keeps what a job says, within the transaction that records the edit.</summary>
    public static Task Save(DbTransaction transaction, long jobId, JobContent content, DateTimeOffset at, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO content (job_id, subject, html, text, changed_at) VALUES (@jobId, @Subject, @Html, @Text, @at)
            ON CONFLICT (job_id) DO UPDATE
                SET subject = excluded.subject, html = excluded.html, text = excluded.text, changed_at = excluded.changed_at
            """,
            new { jobId, content.Subject, content.Html, content.Text, at = at.ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken));
}
