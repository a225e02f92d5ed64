// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Dapper;
using Tutti.Frame.Words;
using Tutti.Lui.Archives.Format;
using Tutti.Lui.Jobs;
using Tutti.Lui.Reports;
using Tutti.Lui.Returns;
using Tutti.Lui.Tracking;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Archives;

/// <summary>
/// Writes the file of a job, flushes it, reads all of it back, gives it its name, and only then says in the database that the job is archived. Killed anywhere
/// before that, the job is as it was and the file is written anew; a job that changed meanwhile is written anew too.
/// </summary>
internal sealed class KeepArchive(
    Database database, JobStore jobs, WriteArchive write, ArchiveStore store, ArchiveFolder folder, ReadReceipt receipts, ReportStore reports, ReturnStore returns)
{
    private const string Changed = "job.changed";

    public async Task Handle(JobArchive wish, CancellationToken cancellationToken)
    {
        var draft = folder.Draft($"job-{wish.JobId.ToString(CultureInfo.InvariantCulture)}");
        var manifest = await write.Handle(draft, wish.JobId, wish, await TotalsOf(wish.JobId, cancellationToken), cancellationToken);
        using (var file = ArchiveFile.Open(draft, long.MaxValue).Value)
        {
            _ = (await file.Verify(cancellationToken)).Value;
        }

        var digest = await ArchiveFile.DigestOf(draft, cancellationToken);
        var kept = wish with { State = ArchiveState.Kept, File = $"{manifest.Job}-{digest[..16]}.zip", Size = new FileInfo(draft).Length, Digest = digest, Totals = manifest.Totals, Numbers = null, Problem = null };
        folder.Keep(draft, kept.File);
        var outcome = await database.Write(
            async transaction =>
            {
                var isBusy = await ArchiveStore.IsBusy(transaction, wish.JobId, cancellationToken);
                var changed = await jobs.Change(
                    transaction,
                    wish.JobId,
                    manifest.JobVersion,
                    job => isBusy ? ArchiveRefusals.StillBusy(job) : job.Archive(),
                    _ => new JournalEntry(wish.At, wish.Who, "archived", SharedWords.Fill(ArchivesWords.DidArchive, kept.File, digest)),
                    cancellationToken);
                if (!changed.IsRefused)
                {
                    await ArchiveStore.Save(transaction, kept, cancellationToken);
                    await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                        "UPDATE job SET archived_version = @JobVersion, archived_at = @at WHERE id = @JobId",
                        new { manifest.JobVersion, at = wish.At.ToUnixTimeMilliseconds(), wish.JobId },
                        transaction,
                        cancellationToken: cancellationToken));
                }

                return changed;
            },
            cancellationToken);
        if (!outcome.IsRefused)
        {
            if (wish.File != kept.File)
            {
                folder.Remove(wish.File);
            }

            return;
        }

        folder.Remove(kept.File);
        if (outcome.Refusal.Code != Changed)
        {
            // The job goes on after all, or whoever asked may not any more: what was there before stays.
            await (wish.File.Length == 0 ? store.Forget(wish.JobId, cancellationToken) : store.Save(wish with { State = ArchiveState.Back, Problem = outcome.Refusal.Message }, cancellationToken));
        }
    }

    private async Task<ArchiveTotals> TotalsOf(long jobId, CancellationToken cancellationToken)
    {
        var receipt = (await receipts.Handle(jobId, cancellationToken)).Value;
        var reactions = await reports.Reactions(jobId, JobTracking.Blind, cancellationToken);
        var back = await returns.Count(jobId, cancellationToken);
        long Times(Reaction kind) => reactions.TryGetValue(kind, out var count) ? count.Times : 0;
        return new ArchiveTotals(
            receipt.Planned, receipt.Accepted, receipt.Refused, receipt.Expired, receipt.Suppressed, receipt.Withdrawn, receipt.InDoubt,
            back.Bounced, Times(Reaction.Open), Times(Reaction.Click), Times(Reaction.Unsubscribe));
    }
}
