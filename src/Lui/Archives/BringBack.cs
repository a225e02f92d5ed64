// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Teams;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Archives;

/// <summary>Asks for the rows of an archived job to come back from its file. They are put back in the background; the job is as it was when all are there.</summary>
internal sealed class BringBack(Database database, JobStore jobs, RightsReader rights, ArchiveFolder folder, TimeProvider clock)
{
    public sealed record Command(long JobId, Actor Who);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (await jobs.Find(command.JobId, cancellationToken) is not { } job)
        {
            return JobRefusals.NotFound(command.JobId);
        }

        if (!(await rights.Of(job, command.Who, cancellationToken)).MayEdit(JobStep.Authorize))
        {
            return TeamRefusals.NotYours(job, JobStep.Authorize);
        }

        return await database.Write<Outcome<Job>>(
            async transaction =>
            {
                await jobs.Lock(transaction, command.JobId, cancellationToken);
                var archive = await ArchiveStore.Find(transaction.Connection!, transaction, command.JobId, cancellationToken);
                if (!job.BringBack().Is(out _, out var refusal) || archive is null)
                {
                    return refusal ?? ArchiveRefusals.NotArchived(job);
                }

                if (archive.State == ArchiveState.WantedBack)
                {
                    return job;
                }

                if (!File.Exists(folder.PathOf(archive.File)))
                {
                    return ArchiveRefusals.FileGone(folder.PathOf(archive.File));
                }

                var now = clock.GetUtcNow();
                await ArchiveStore.Save(transaction, archive with { State = ArchiveState.WantedBack, Problem = null, Who = command.Who, At = now }, cancellationToken);
                await JobStore.Write(transaction, job.Id, new JournalEntry(now, command.Who, "archive-wanted-back", ArchivesWords.DidAskBack), cancellationToken);
                return job;
            },
            cancellationToken);
    }
}
