// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Lui.Jobs.Schedules;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Delivery.Releases;

/// <summary>
/// Lets the next part of a delivery's recipients go when its time has come. What is released is in the database before
/// anybody is claimed, so that a part is released once, whatever is killed when.
/// </summary>
internal sealed class ReleaseRecipients(Database database, JobStore jobs, JobSettings settings, TimeProvider clock)
{
    // A part that is late by less than this share of the interval was only waiting for the next look: the beat stays.
    private const double Slack = 0.1;

    /// <summary>The delivery as it is after what is due was released.</summary>
    public async Task<Delivery> Handle(Delivery delivery, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (delivery.Course != Course.Run || delivery.NextReleaseAt is not { } due || due > now)
        {
            return delivery;
        }

        var released = delivery switch
        {
            { Zones: { } zones } => await ByZones(delivery, zones, now, cancellationToken),
            { Pace: { } pace } => ByPace(delivery, pace, due, now),
            _ => null,
        };
        return released is not null && await Save(delivery, released, cancellationToken) ? released : delivery;
    }

    private static Delivery ByPace(Delivery delivery, JobPace pace, DateTimeOffset due, DateTimeOffset now)
    {
        var part = delivery.Releases + 1;
        while (pace.LastOf(part, delivery.LastId) == delivery.ReleasedTo && delivery.ReleasedTo < delivery.LastId)
        {
            part++;
        }

        // After a pause the parts that are overdue do not come at once: that would be the crowd that was to be avoided.
        var to = pace.LastOf(part, delivery.LastId);
        var beat = now - due < pace.Interval * Slack ? due : now;
        return delivery with { Releases = part, ReleasedTo = to, NextReleaseAt = to < delivery.LastId ? beat + pace.Interval : null };
    }

    /// <summary>Those whose time has come. If it came too long ago, because nothing ran here, the job fails as missed and people decide; null then.</summary>
    private async Task<Delivery?> ByZones(Delivery delivery, ZonePlan zones, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (zones.After(delivery.ReleasedTo) is { } part && now - part.At >= settings.MissedAfter
            && await jobs.Find(delivery.JobId, cancellationToken) is { DueAt: { } wanted } && now - wanted >= settings.MissedAfter)
        {
            await jobs.Change(
                delivery.JobId,
                version: null,
                job => job.FailDelivery(JobFailures.Missed(part.At)),
                job => new JournalEntry(now, Actor.Tutti, "missed", job.Failure!.Message),
                cancellationToken);
            return null;
        }

        var to = Math.Max(delivery.ReleasedTo, zones.DueAt(now));
        return delivery with { Releases = zones.Parts.Count(one => one.Last <= to), ReleasedTo = to, NextReleaseAt = zones.After(to)?.At };
    }

    private async Task<bool> Save(Delivery delivery, Delivery released, CancellationToken cancellationToken) =>
        await database.Write(
            transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
                """
                UPDATE delivery SET released_to = @ReleasedTo, releases = @Releases, next_release_at = @next
                WHERE id = @Id AND released_to = @from AND course = 'run'
                """,
                new { released.Id, released.ReleasedTo, released.Releases, next = released.NextReleaseAt?.ToUnixTimeMilliseconds(), from = delivery.ReleasedTo },
                transaction,
                cancellationToken: cancellationToken)),
            cancellationToken) == 1;
}
