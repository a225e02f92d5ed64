// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Teams;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Archives;

/// <summary>Asks for a job that is over to be archived. It becomes archived once its file is on disk and was read back.</summary>
internal sealed class ArchiveJob(Database database, JobStore jobs, RightsReader rights, TimeProvider clock)
{
    public sealed record Command(long JobId, Actor Who);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (await jobs.Find(command.JobId, cancellationToken) is not { } found)
        {
            return JobRefusals.NotFound(command.JobId);
        }

        if (!(await rights.Of(found, command.Who, cancellationToken)).MayEdit(JobStep.Authorize))
        {
            return TeamRefusals.NotYours(found, JobStep.Authorize);
        }

        return await database.Write(
            async transaction =>
            {
                await jobs.Lock(transaction, command.JobId, cancellationToken);
                var before = await ArchiveStore.Find(transaction.Connection!, transaction, command.JobId, cancellationToken);
                if (before is { State: ArchiveState.Wanted })
                {
                    return found;
                }

                var now = clock.GetUtcNow();
                var isBusy = await ArchiveStore.IsBusy(transaction, command.JobId, cancellationToken);
                var outcome = await jobs.Change(
                    transaction,
                    command.JobId,
                    version: null,
                    job => !job.Archive().Is(out _, out var refusal) ? refusal : isBusy ? ArchiveRefusals.StillBusy(job) : job,
                    _ => new JournalEntry(now, command.Who, "archive-wanted", ArchivesWords.DidAsk),
                    cancellationToken);
                if (!outcome.IsRefused)
                {
                    before ??= new JobArchive(command.JobId, ArchiveState.Wanted, "", 0, "", null, null, null, command.Who, now);
                    await ArchiveStore.Save(transaction, before with { State = ArchiveState.Wanted, Problem = null, Who = command.Who, At = now }, cancellationToken);
                }

                return outcome;
            },
            cancellationToken);
    }
}
