// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Triggers;

/// <summary>Makes the address that lets a job go worthless; the job itself waits on.</summary>
internal sealed class RevokeTriggerAddress(Database database, JobStore jobs, TimeProvider clock)
{
    public sealed record Command(long JobId, Actor Who);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (await jobs.Find(command.JobId, cancellationToken) is not { } job)
        {
            return JobRefusals.NotFound(command.JobId);
        }

        await database.Write(
            async transaction =>
            {
                if (await TriggerStore.Remove(transaction, job.Id, cancellationToken))
                {
                    await JobStore.Write(transaction, job.Id, new JournalEntry(clock.GetUtcNow(), command.Who, "trigger-revoked", TriggersWords.DidRevoke), cancellationToken);
                }
            },
            cancellationToken);
        return job;
    }
}
