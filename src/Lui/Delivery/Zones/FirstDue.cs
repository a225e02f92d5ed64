// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Schedules;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Delivery.Zones;

/// <summary>When the first recipients of a job are due that reaches each by a clock of his or her own.</summary>
internal sealed class FirstDue(ReadZones zones, SnapshotStore snapshots)
{
    /// <summary>The moment, or null for any other job. Refused if the time has passed for some already: they would get it at another hour than the others.</summary>
    public async Task<Outcome<DateTimeOffset?>> Of(Job job, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (job.Schedule is not { Local: { } local } schedule)
        {
            return (DateTimeOffset?)null;
        }

        if (job.RecipientsId is not { } recipientsId || await snapshots.Find(recipientsId, cancellationToken) is not { } snapshot)
        {
            return DeliveryRefusals.NoRecipients(job);
        }

        if (await zones.Handle(snapshot, local, schedule.Zone, cancellationToken) is not { } reading)
        {
            return ScheduleRefusals.NoZoneColumn(local.Column);
        }

        return reading.Plan.Parts switch
        {
            [] => (DateTimeOffset?)null,
            [var first, ..] when first.At <= now => ScheduleRefusals.PastInZones(local, first),
            [var first, ..] => (DateTimeOffset?)first.At,
        };
    }
}
