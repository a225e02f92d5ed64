// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.OnDemand;

/// <summary>Decides whether a job's recipients come one by one once it is authorised; the recipients that it has are then samples and get nothing.</summary>
internal sealed class ChooseOnDemand(Database database, JobStore jobs, OnDemandStore store, TimeProvider clock)
{
    public sealed record Command(long JobId, Actor Who, bool OnDemand);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (await store.IsChosen(command.JobId, cancellationToken) == command.OnDemand)
        {
            return await jobs.Find(command.JobId, cancellationToken) is { } same ? same : JobRefusals.NotFound(command.JobId);
        }

        var now = clock.GetUtcNow();
        return await database.Write(
            async transaction =>
            {
                var changed = await jobs.Change(
                    transaction,
                    command.JobId,
                    version: null,
                    job => job.Edited(JobStep.Recipients, command.Who, now),
                    _ => new JournalEntry(now, command.Who, "on-demand", command.OnDemand ? OnDemandWords.DidChoose : OnDemandWords.DidUnchoose),
                    cancellationToken);
                if (!changed.IsRefused)
                {
                    await OnDemandStore.Choose(transaction, command.JobId, command.OnDemand, cancellationToken);
                }

                return changed;
            },
            cancellationToken);
    }
}
