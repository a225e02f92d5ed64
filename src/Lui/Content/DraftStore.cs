// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Content;

/// <summary>What somebody was writing and did not save.</summary>
/// <param name="Content">What was written.</param>
/// <param name="BasedOn">Version of the message with which it was begun; 0 if there was none.</param>
/// <param name="At">When it was kept.</param>
internal sealed record ContentDraft(JobContent Content, long BasedOn, DateTimeOffset At);

/// <summary>Recovery copies, one per job and person.</summary>
internal sealed class DraftStore(Database database)
{
    /// <summary>The recovery copy of a person, or null.</summary>
    public async Task<ContentDraft?> Find(long jobId, string accountId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<ContentRow>(new CommandDefinition(
            $"SELECT {ContentRow.Columns}, based_on AS BasedOn, at FROM content_draft WHERE job_id = @jobId AND account_id = @accountId",
            new { jobId, accountId },
            cancellationToken: cancellationToken));
        return row is null ? null : new ContentDraft(row.ToContent(), row.BasedOn, DateTimeOffset.FromUnixTimeMilliseconds(row.At));
    }

    /// <summary>Keeps a recovery copy in the place of the one before.</summary>
    public Task Save(long jobId, string accountId, ContentDraft draft, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO content_draft (job_id, account_id, subject, html, text, preheader, automatic_text, language, language_field, based_on, at)
            VALUES (@jobId, @accountId, @Subject, @Html, @Text, @Preheader, @IsTextAutomatic, @Language, @LanguageField, @BasedOn, @at)
            ON CONFLICT (job_id, account_id) DO UPDATE
                SET subject = excluded.subject, html = excluded.html, text = excluded.text, preheader = excluded.preheader, automatic_text = excluded.automatic_text,
                    language = excluded.language, language_field = excluded.language_field, based_on = excluded.based_on, at = excluded.at
            """,
            new
            {
                jobId,
                accountId,
                draft.Content.Subject,
                draft.Content.Html,
                draft.Content.Text,
                draft.Content.Preheader,
                draft.Content.IsTextAutomatic,
                draft.Content.Language,
                draft.Content.LanguageField,
                draft.BasedOn,
                at = draft.At.ToUnixTimeMilliseconds(),
            },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Drops a person's recovery copy: it was saved, or is not wanted.</summary>
    public Task Drop(long jobId, string accountId, CancellationToken cancellationToken) =>
        database.Write(transaction => Drop(transaction, jobId, accountId, cancellationToken), cancellationToken);

    /// <summary>The same within the transaction that saves the message.</summary>
    public static Task Drop(DbTransaction transaction, long jobId, string accountId, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "DELETE FROM content_draft WHERE job_id = @jobId AND account_id = @accountId", new { jobId, accountId }, transaction, cancellationToken: cancellationToken));

    /// <summary>Drops all of a job that is deleted.</summary>
    public static Task Forget(DbTransaction transaction, long jobId, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "DELETE FROM content_draft WHERE job_id = @jobId", new { jobId }, transaction, cancellationToken: cancellationToken));
}
