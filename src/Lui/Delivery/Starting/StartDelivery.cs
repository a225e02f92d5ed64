// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Approval;
using Tutti.Lui.Delivery.Zones;
using Tutti.Lui.DropIns;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Lui.Jobs.Repeats;
using Tutti.Lui.Jobs.Schedules;
using Tutti.Lui.OnDemand;
using Tutti.Lui.Recipients;
using Tutti.Lui.Recipients.Drawing;
using Tutti.Lui.Senders.Profiles;
using Tutti.Lui.Tracking.Types;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Delivery.Starting;

/// <summary>
/// Starts a job that is due, or goes on with one that was stopped: fixes its message and its number of recipients once,
/// before a tracker or a distributor hears of it. A job that was due too long ago fails as missed.
/// </summary>
internal sealed class StartDelivery(
    Database database,
    JobStore jobs,
    JobSettings settings,
    CheckSeal seals,
    LateSenders lateSenders,
    DeliveryStore deliveries,
    FetchLate late,
    PrepareDelivery prepare,
    SnapshotStore snapshots,
    ReadZones readZones,
    MakeNextRun nextRun,
    OnDemandStore demands,
    TrackingProfiles trackingProfiles,
    DrawRecipients draw,
    WaitStore waits,
    TimeProvider clock)
{
    /// <summary>Takes a waiting job that is due into processing, or fails it as missed.</summary>
    public Task<Outcome<Job>> Begin(long jobId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return jobs.Change(
            jobId,
            version: null,
            job => job.StartDelivery(now, settings.MissedAfter),
            job => job.State == JobState.Failed
                ? new JournalEntry(now, Actor.Tutti, "missed", job.Failure!.Message)
                : new JournalEntry(now, Actor.Tutti, "started", DeliveryWords.DidStart),
            cancellationToken);
    }

    /// <summary>Makes the delivery of a job in processing. Null while something that comes by itself is missing; then the job's page says what.</summary>
    public async Task<Delivery?> Handle(Job job, CancellationToken cancellationToken)
    {
        if (await deliveries.Find(job.Id, cancellationToken) is { } there)
        {
            return there;
        }

        // Nothing is read by a rule that nobody approved, and nobody is written to whom nobody has found anew.
        if (await draw.Inherited(job, cancellationToken) is { } inherited)
        {
            return ApprovalRefusals.Of(job, await seals.Handle(job, cancellationToken)) is { } otherRule
                ? await NotYet(job, otherRule, cancellationToken)
                : await Draw(job, inherited, cancellationToken);
        }

        // Read before it is compared: what somebody changes between the two is noticed.
        var reading = await prepare.Handle(job, cancellationToken);
        if (!(reading.IsRefused && reading.Refusal.Kind == RefusalKind.Unavailable) && await late.Handle(job, cancellationToken))
        {
            reading = await prepare.Handle(job, cancellationToken);
        }

        var verdict = await seals.Handle(job, cancellationToken);
        if (ApprovalRefusals.Of(job, verdict) is { } unlike)
        {
            return await NotYet(job, unlike, cancellationToken);
        }

        if (await lateSenders.Refuse(job, cancellationToken) is { } unfit)
        {
            return await NotYet(job, unfit, cancellationToken);
        }

        if (!reading.Is(out var prepared, out var refusal))
        {
            return await NotYet(job, refusal, cancellationToken);
        }

        if (job.RecipientsId is not { } recipientsId || await snapshots.Find(recipientsId, cancellationToken) is not { } snapshot)
        {
            return await NotYet(job, DeliveryRefusals.NoRecipients(job), cancellationToken);
        }

        // The rows of such a job's source are samples; its recipients come behind them, one by one and each at once.
        var onDemand = await demands.IsChosen(job.Id, cancellationToken);
        var pace = onDemand ? null : job.Schedule?.Pace;
        ZoneReading? zones = null;
        if (!onDemand && job.Schedule is { Local: { } local } schedule && (zones = await readZones.Handle(snapshot, local, schedule.Zone, cancellationToken)) is null)
        {
            return await NotYet(job, ScheduleRefusals.NoZoneColumn(local.Column), cancellationToken);
        }

        var profiles = await trackingProfiles.Read(snapshot, onDemand ? TrackingDetails.None : job.TrackingDetails, cancellationToken);
        var now = clock.GetUtcNow();
        var delivery = new Delivery
        {
            Id = job.Id,
            JobId = job.Id,
            Kind = DeliveryKind.Job,
            RecipientsId = recipientsId,
            Tracking = prepared.Tracking,
            TrackingUrl = prepared.TrackingUrl,
            Planned = onDemand ? 0 : snapshot.Valid,
            LastId = snapshot.Valid,
            ClaimedTo = onDemand ? snapshot.Valid : 0,
            Demand = onDemand ? Demand.Open : Demand.None,
            Simulated = job.IsSimulated,
            DueAt = job.DueAt ?? now,
            StartedAt = now,
            Pace = pace,
            Zones = zones?.Plan,
            NextReleaseAt = pace is null && zones is null ? null : now,
        };
        var saved = await database.Write(
            async transaction =>
            {
                var handedOver = await jobs.Change(transaction, job.Id, version: null, current => current.Sender == job.Sender && current.IsSimulated == job.IsSimulated ? current.HandOver(now) : JobRefusals.Changed(job), _ => null, cancellationToken);
                if (handedOver.IsRefused || !await PrepareDelivery.Save(transaction, delivery, prepared, snapshot, cancellationToken))
                {
                    return false;
                }

                await TrackingProfiles.Keep(transaction, delivery.Id, profiles, cancellationToken);
                await nextRun.Handle(transaction, job, verdict.Seal!, now, cancellationToken);
                if (zones is not null)
                {
                    await readZones.Arrange(transaction, delivery, zones, cancellationToken);
                }

                return true;
            },
            cancellationToken);
        await waits.Save(job.Id, reason: null, cancellationToken);
        return saved ? delivery : await deliveries.Find(job.Id, cancellationToken);
    }

    private async Task<Delivery?> Draw(Job job, RecipientSource inherited, CancellationToken cancellationToken)
    {
        if ((await draw.Handle(job, inherited, cancellationToken)).Is(out _, out var refusal))
        {
            await waits.Save(job.Id, SharedWords.Fill(DeliveryWords.Drawing, inherited.FileName), cancellationToken);
            return null;
        }

        // Whatever it was, people hear of it, and have it tried again: a run that waits in silence for a database is a run nobody misses.
        await Fail(job, refusal, cancellationToken);
        return null;
    }

    private async Task<Delivery?> NotYet(Job job, Refusal refusal, CancellationToken cancellationToken)
    {
        if (refusal.Kind == RefusalKind.Unavailable)
        {
            await waits.Save(job.Id, refusal.Message, cancellationToken);
            return null;
        }

        await Fail(job, refusal, cancellationToken);
        return null;
    }

    private async Task Fail(Job job, Refusal refusal, CancellationToken cancellationToken)
    {
        await database.Write(
            async transaction =>
            {
                await jobs.Change(
                    transaction,
                    job.Id,
                    version: null,
                    current => current.FailDelivery(new JobFailure(refusal.Code, refusal.Message)),
                    failed => new JournalEntry(clock.GetUtcNow(), Actor.Tutti, "failed", failed.Failure!.Message),
                    cancellationToken);
                await RecipientSourceStore.DiscardDrawn(transaction, job.Id, cancellationToken);
            },
            cancellationToken);
        await waits.Save(job.Id, reason: null, cancellationToken);
    }
}
