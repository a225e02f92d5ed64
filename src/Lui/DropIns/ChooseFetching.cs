// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Content;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.DropIns;

/// <summary>When what a job's drop-ins hold is fetched: anew now, and again when it leaves or not.</summary>
internal sealed class ChooseFetching(Database database, JobStore jobs, ContentStore contents, JobDropIns dropIns, TimeProvider clock)
{
    /// <summary>Chooses whether a job fetches anew when it leaves; what was tested need not be what is sent then.</summary>
    public Task<Outcome<Job>> Late(long jobId, bool on, Actor who, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return database.Write(
            async transaction =>
            {
                var changed = await jobs.Change(
                    transaction,
                    jobId,
                    version: null,
                    job => job.Edited(JobStep.Content, who, now),
                    _ => new JournalEntry(now, who, "content", on ? DropInsWords.DidChooseLate : DropInsWords.DidChooseTested),
                    cancellationToken);
                if (!changed.IsRefused)
                {
                    await DropInStore.SetFetchesLate(transaction, jobId, on, cancellationToken);
                }

                return changed;
            },
            cancellationToken);
    }

    /// <summary>Fetches anew now.</summary>
    public async Task<Outcome<Job>> Now(long jobId, Actor who, CancellationToken cancellationToken)
    {
        if (await contents.Find(jobId, cancellationToken) is not { } content)
        {
            return ContentRefusals.Missing();
        }

        var now = clock.GetUtcNow();
        var changed = await jobs.Change(
            jobId, version: null, job => job.Edited(JobStep.Content, who, now), _ => new JournalEntry(now, who, "content", DropInsWords.DidFetch), cancellationToken);
        if (changed.Is(out var job, out _))
        {
            await dropIns.Refresh(job, content, job.Sender ?? PreviewContent.AnySender, cancellationToken);
        }

        return changed;
    }
}
