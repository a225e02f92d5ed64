// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Attachments;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Copies;

/// <summary>Copies the files that travel with the message, in the place of those that did; their bytes are kept once.</summary>
internal sealed class CopiedFiles(Database database, JobStore jobs, TimeProvider clock) : ICopiedPart
{
    /// <inheritdoc/>
    public JobPart Part => JobPart.Content;

    /// <inheritdoc/>
    public Task<Outcome<bool>> Copy(Job from, Job to, Actor who, CancellationToken cancellationToken) => database.Write<Outcome<bool>>(
        async transaction =>
        {
            var files = await JobFileStore.List(transaction, from.Id, cancellationToken);
            if (files.Count == 0)
            {
                return false;
            }

            var now = clock.GetUtcNow();
            var edited = await jobs.Change(
                transaction,
                to.Id,
                version: null,
                job => job.Edited(JobStep.Content, who, now),
                _ => new JournalEntry(now, who, "files", SharedWords.Counted(CopiesWords.DidCopyFiles, files.Count, from.Code)),
                cancellationToken);
            if (!edited.Is(out _, out var refusal))
            {
                return refusal;
            }

            foreach (var old in await JobFileStore.List(transaction, to.Id, cancellationToken))
            {
                await JobFileStore.Remove(transaction, old.Id, cancellationToken);
            }

            foreach (var file in files)
            {
                await JobFileStore.Add(transaction, file with { JobId = to.Id, By = who, At = now }, cancellationToken);
            }

            return true;
        },
        cancellationToken);
}
