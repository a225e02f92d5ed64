// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Archives.Format;
using Tutti.Lui.Fates;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Archives;

/// <summary>
/// Takes the rows of an archived job out of the database: those, and only those, that are read from its file, as far as they are as they were written. What an
/// event changed meanwhile stays, and so does who is in doubt, because an event may still settle it. Killed anywhere it begins again and finds less to do.
/// </summary>
internal sealed class TakeAway(Database database, ArchiveStore store, ArchiveFolder folder)
{
    private const int OneCommit = 5000;

    public async Task Handle(JobArchive archive, CancellationToken cancellationToken)
    {
        if (!(await CheckedFile.Open(folder, archive, cancellationToken)).Is(out var file, out var refusal))
        {
            await store.Save(archive with { Problem = refusal.Message }, cancellationToken);
            return;
        }

        using (file)
        {
            foreach (var table in ArchivedTable.All.Where(table => table.Rows == ArchivedRows.AreTakenAway))
            {
                await foreach (var rows in file.Rows(table, cancellationToken).Chunked(OneCommit))
                {
                    await database.Write(transaction => Delete(transaction, archive.JobId, table, rows, cancellationToken), cancellationToken);
                }
            }
        }

        await store.Save(archive with { State = ArchiveState.Removed, Problem = null }, cancellationToken);
    }

    private static async Task Delete(DbTransaction transaction, long jobId, ArchivedTable table, IReadOnlyList<ArchiveRow> rows, CancellationToken cancellationToken)
    {
        if (table.Name is "recipient" or "recipient_set_aside")
        {
            // Runs of a repetition share their recipients: they stay as long as one of the jobs needs them.
            var shared = (await transaction.Connection!.QueryAsync<long>(new CommandDefinition(
                """
                SELECT recipients_id FROM job WHERE recipients_id IS NOT NULL AND (state <> 'archived' OR id IN (SELECT job_id FROM job_archive WHERE state = 'wanted-back'))
                UNION
                SELECT delivery.recipients_id FROM delivery JOIN job ON job.id = delivery.job_id
                WHERE job.state <> 'archived' OR job.id IN (SELECT job_id FROM job_archive WHERE state = 'wanted-back')
                """,
                transaction: transaction,
                cancellationToken: cancellationToken))).ToHashSet();
            rows = [.. rows.Where(row => !shared.Contains((long)row["recipients_id"]!))];
        }

        if (table.Name == "outcome")
        {
            rows = [.. rows.Where(row => row["fate"] is not (long)Fate.InDoubt)];
        }

        await (await TableRows.Of(transaction, table, cancellationToken)).Delete(transaction, rows, cancellationToken);
    }
}
