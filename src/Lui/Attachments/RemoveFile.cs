// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Attachments;

/// <summary>Takes a file out of a job's message.</summary>
internal sealed class RemoveFile(Database database, JobStore jobs, StoredFileStore files, TimeProvider clock)
{
    public sealed record Command(long JobId, Actor Who, long FileId);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var outcome = await database.Write<Outcome<Job>>(
            async transaction =>
            {
                await jobs.Lock(transaction, command.JobId, cancellationToken);
                var there = await JobFileStore.List(transaction, command.JobId, cancellationToken);
                if (there.FirstOrDefault(file => file.Id == command.FileId) is not { } file)
                {
                    return AttachmentRefusals.NotFound(command.FileId);
                }

                var changed = await jobs.Change(
                    transaction,
                    command.JobId,
                    version: null,
                    job => job.Edited(JobStep.Content, command.Who, now),
                    _ => new JournalEntry(now, command.Who, "content", SharedWords.Fill(AttachmentsWords.DidRemove, file.File.Name)),
                    cancellationToken);
                if (!changed.IsRefused)
                {
                    await JobFileStore.Remove(transaction, file.Id, cancellationToken);
                }

                return changed;
            },
            cancellationToken);
        await files.RemoveUnused(cancellationToken);
        return outcome;
    }
}
