// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Recipients.Import;

/// <summary>The end of an import: in one transaction the job points to the new set, and the old one is discarded; or it stays with the old one, and the reason is kept.</summary>
internal sealed class CompleteImport(Database database, JobStore jobs, RecipientSourceStore sources, RecipientStore recipients, UploadStore uploads, TimeProvider clock)
{
    /// <summary>The import went through.</summary>
    public async Task<RecipientSource> Handle(RecipientSource source, ImportProgress progress, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var ready = source with
        {
            State = SourceState.Ready,
            SpoolFile = null,
            Valid = progress.Valid,
            Invalid = progress.Invalid,
            Duplicates = progress.Duplicates,
            Misfits = progress.Misfits,
            FinishedAt = now,
        };
        var outcome = await database.Write<Outcome<Job>>(
            async transaction =>
            {
                long? before = null;
                var changed = await jobs.Change(
                    transaction,
                    source.JobId,
                    version: null,
                    job =>
                    {
                        before = job.RecipientsId;
                        return source.IsDrawn ? job.DrawRecipients(source.Id) : job.UseRecipients(source.Id, source.By, now);
                    },
                    _ => source.IsDrawn
                        ? new JournalEntry(now, Actor.Tutti, "recipients", SharedWords.Fill(RecipientsWords.DidDraw, Words(ready)))
                        : new JournalEntry(now, source.By, "recipients", $"Imported {Words(ready)}"),
                    cancellationToken);
                if (!changed.IsRefused)
                {
                    await RecipientSourceStore.Save(transaction, ready, SourceState.Importing, cancellationToken);
                    if (before is { } old)
                    {
                        await RecipientSourceStore.Discard(transaction, old, cancellationToken);
                    }
                }

                return changed;
            },
            cancellationToken);
        if (!outcome.Is(out _, out var refusal))
        {
            var kept = await Handle(source, refusal, progress, cancellationToken);

            // A run that people have stopped in the meantime finds its recipients anew when it is tried again.
            return source.IsDrawn && await sources.Save(kept with { State = SourceState.Discarded }, SourceState.Failed, cancellationToken) ? kept with { State = SourceState.Discarded } : kept;
        }

        await uploads.Remove(source.SpoolFile!, cancellationToken);
        return ready;
    }

    /// <summary>The import was refused, stopped or broken: its recipients are removed, the lines that were set apart stay to be looked at.</summary>
    public async Task<RecipientSource> Handle(RecipientSource source, Refusal refusal, ImportProgress? progress, CancellationToken cancellationToken)
    {
        var failed = source with
        {
            State = SourceState.Failed,
            Failure = new JobFailure(refusal.Code, refusal.Message),
            Invalid = progress?.Invalid ?? 0,
            Duplicates = progress?.Duplicates ?? 0,
            FinishedAt = clock.GetUtcNow(),
        };
        if (refusal.Code != "recipients.no-valid-address")
        {
            failed = failed with { Invalid = 0, Duplicates = 0 };
            while (await recipients.RemoveSome(source.Id, cancellationToken))
            {
            }
        }

        await sources.Save(failed, SourceState.Importing, cancellationToken);
        return failed;
    }

    /// <summary>"12,480 recipients from spring.csv, 37 set apart".</summary>
    public static string Words(RecipientSource source)
    {
        var apart = source.Invalid + source.Duplicates;
        return apart == 0
            ? SharedWords.Counted(RecipientsWords.Imported, source.Valid, source.FileName)
            : SharedWords.Counted(
                RecipientsWords.ImportedSomeApart,
                source.Valid,
                source.FileName,
                SharedWords.Number(apart),
                SharedWords.Number(source.Invalid),
                SharedWords.Number(source.Duplicates));
    }
}
