// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Frame.Words;
using Tutti.Lui.Archives.Format;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Archives;

/// <summary>
/// Puts the rows of a file back into the database and then says that the job is what it was: completed. Rows that are there stay as they are, so it can be cut off
/// and begin again. No delivery is opened by it: nothing is sent.
/// </summary>
internal sealed class PutBack(Database database, JobStore jobs, ArchiveStore store, ArchiveFolder folder, LateWishes wishes, TimeProvider clock)
{
    private const int OneCommit = 5000;

    public async Task Handle(JobArchive archive, CancellationToken cancellationToken)
    {
        try
        {
            if ((await CheckedFile.Open(folder, archive, cancellationToken)).Is(out var file, out var refusal))
            {
                using (file)
                {
                    refusal = await Insert(archive, file, cancellationToken);
                }
            }

            if (refusal is not null)
            {
                await store.Save(archive with { Problem = refusal.Message }, cancellationToken);
            }
        }
        catch (ArchiveDamage damage)
        {
            await store.Save(archive with { Problem = damage.Refusal.Message }, cancellationToken);
        }
    }

    private async Task<Refusal?> Insert(JobArchive archive, ArchiveFile file, CancellationToken cancellationToken)
    {
        foreach (var table in ArchivedTable.All.Where(table => IsPutBack(table, archive)))
        {
            await foreach (var rows in file.Rows(table, cancellationToken).Chunked(OneCommit))
            {
                await database.Write(transaction => Insert(transaction, archive, table, rows, cancellationToken), cancellationToken);
            }
        }

        var outcome = await database.Write(
            async transaction =>
            {
                var changed = await jobs.Change(
                    transaction,
                    archive.JobId,
                    version: null,
                    job => job.BringBack(),
                    _ => new JournalEntry(
                        clock.GetUtcNow(), archive.Who, archive.Numbers is null ? "unarchived" : "taken-in", SharedWords.Fill(archive.Numbers is null ? ArchivesWords.DidBringBack : ArchivesWords.DidTakeIn, archive.File)),
                    cancellationToken);
                if (!changed.IsRefused)
                {
                    await ArchiveStore.Save(transaction, archive with { State = ArchiveState.Back, Problem = null, At = clock.GetUtcNow() }, cancellationToken);
                }

                return changed;
            },
            cancellationToken);
        await wishes.Handle(cancellationToken);
        return outcome.IsRefused ? outcome.Refusal : null;
    }

    // What stayed in the database when the job was archived is not touched; bytes of files may have been cleared away since.
    private static bool IsPutBack(ArchivedTable table, JobArchive archive) => archive.Numbers is null
        ? table.Rows == ArchivedRows.AreTakenAway || table.Name is "stored_file" or "stored_piece"
        : table.IsForOthers && table.Name != "job";

    private async Task Insert(DbTransaction transaction, JobArchive archive, ArchivedTable table, IReadOnlyList<ArchiveRow> rows, CancellationToken cancellationToken)
    {
        if (archive.Numbers is { } numbers)
        {
            rows = [.. rows.Select(row => numbers.Here(table, row))];
        }

        await (await TableRows.Of(transaction, table, cancellationToken)).Insert(transaction, rows, cancellationToken);
        if (table.Name == "stored_file")
        {
            // As if it were new: what nothing names yet is not cleared away before the rows that name it are here.
            await transaction.Connection!.ExecuteAsync(
                "UPDATE stored_file SET touched_at = @now WHERE digest = @digest",
                rows.Select(row => new { now = clock.GetUtcNow().ToUnixTimeMilliseconds(), digest = row["digest"] as string }),
                transaction);
        }
    }
}
