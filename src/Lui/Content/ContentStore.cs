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
        var row = await connection.QuerySingleOrDefaultAsync<ContentRow>(new CommandDefinition(
            $"SELECT {ContentRow.Columns} FROM content WHERE job_id = @jobId", new { jobId }, cancellationToken: cancellationToken));
        return row?.ToContent();
    }

    /// <summary>How often the message of a job was saved; 0 if never.</summary>
    public async Task<long> Version(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "SELECT version FROM content WHERE job_id = @jobId", new { jobId }, cancellationToken: cancellationToken)) ?? 0;
    }

    /// <summary>The same within a transaction that has locked the job.</summary>
    public static async Task<long> Version(DbTransaction transaction, long jobId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteScalarAsync<long?>(new CommandDefinition(
            "SELECT version FROM content WHERE job_id = @jobId", new { jobId }, transaction, cancellationToken: cancellationToken)) ?? 0;

    /// <summary>Gives a job the message of another one, within the transaction that makes it.</summary>
    public static async Task Copy(DbTransaction transaction, long fromJobId, long toJobId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var row = await transaction.Connection!.QuerySingleOrDefaultAsync<ContentRow>(new CommandDefinition(
            $"SELECT {ContentRow.Columns} FROM content WHERE job_id = @fromJobId", new { fromJobId }, transaction, cancellationToken: cancellationToken));
        if (row is not null)
        {
            await Save(transaction, toJobId, row.ToContent(), at, cancellationToken);
        }
    }

    /// <summary>Keeps what a job says, within the transaction that records the edit.</summary>
    public static Task Save(DbTransaction transaction, long jobId, JobContent content, DateTimeOffset at, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO content (job_id, subject, html, text, preheader, automatic_text, language, language_field, changed_at, version)
            VALUES (@jobId, @Subject, @Html, @Text, @Preheader, @IsTextAutomatic, @Language, @LanguageField, @at, 1)
            ON CONFLICT (job_id) DO UPDATE
                SET subject = excluded.subject, html = excluded.html, text = excluded.text, preheader = excluded.preheader, automatic_text = excluded.automatic_text,
                    language = excluded.language, language_field = excluded.language_field, changed_at = excluded.changed_at, version = content.version + 1
            """,
            new { jobId, content.Subject, content.Html, content.Text, content.Preheader, content.IsTextAutomatic, content.Language, content.LanguageField, at = at.ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken));
}
