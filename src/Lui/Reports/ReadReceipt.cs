// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Delivery;
using Tutti.Lui.Fates;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Reports;

/// <summary>Reads a job's receipt from the stores. Cheap enough to be asked every second while a million are on their way.</summary>
internal sealed class ReadReceipt(JobStore jobs, DeliveryStore deliveries, OutcomeStore outcomes, SnapshotStore snapshots)
{
    public async Task<Outcome<Receipt>> Handle(long jobId, CancellationToken cancellationToken) => await jobs.Find(jobId, cancellationToken) is { } job
        ? await Of(job, cancellationToken) with { Simulated = job.IsSimulated }
        : JobRefusals.NotFound(jobId);

    private async Task<Receipt> Of(Job job, CancellationToken cancellationToken)
    {
        var jobId = job.Id;

        // Counted first: a fate that comes meanwhile belongs to somebody who was planned before.
        var counts = await outcomes.Count(jobId, cancellationToken);
        if (await deliveries.Find(jobId, cancellationToken) is { } delivery)
        {
            return Receipt.Of(delivery.Planned, counts);
        }

        if (job.State == JobState.Open || job.RecipientsId is not { } recipientsId || await snapshots.Find(recipientsId, cancellationToken) is not { } snapshot)
        {
            return Receipt.Of(0, counts);
        }

        // Closed before it ever started: nobody was offered to anyone.
        return job.State is JobState.Completed or JobState.Archived
            ? new Receipt(snapshot.Valid, 0, 0, 0, 0, Withdrawn: snapshot.Valid, 0, 0)
            : Receipt.Of(snapshot.Valid, counts);
    }
}
