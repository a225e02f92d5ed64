// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Delivery.Batches;
using Tutti.Lui.Fates;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Delivery;

/// <summary>Closes a delivery in which nobody waits any more, and completes its job.</summary>
internal sealed class FinishDelivery(Database database, OutcomeStore outcomes, JobStore jobs, WaitStore waits, MessageValuesSource values, TimeProvider clock)
{
    /// <summary>True if nobody waits and nobody else can come.</summary>
    public async Task<bool> Handle(Delivery delivery, CancellationToken cancellationToken)
    {
        if (delivery is { Demand: Demand.Open, Course: not Course.Withdraw })
        {
            return false;
        }

        var counts = await outcomes.Count(delivery.Id, cancellationToken);
        if (counts.Values.Sum() < delivery.Planned)
        {
            return false;
        }

        var now = clock.GetUtcNow();
        await database.Write(
            async transaction =>
            {
                await DeliveryStore.Close(transaction, delivery.Id, now, cancellationToken);
                if (delivery.Kind == DeliveryKind.Job)
                {
                    // Refused if people stopped it meanwhile: then they decide, and a retry ends here again.
                    await jobs.Change(
                        transaction,
                        delivery.JobId,
                        version: null,
                        job => job.FinishDelivery(now),
                        _ => new JournalEntry(now, Actor.Tutti, "completed", DeliveryWords.NobodyWaits),
                        cancellationToken);
                }
            },
            cancellationToken);
        await waits.Save(delivery.Id, reason: null, cancellationToken);
        values.Forget(delivery.Id);
        return true;
    }
}
