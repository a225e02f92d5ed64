// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Components;
using Tutti.Lui.Delivery;
using Tutti.Lui.Feeds;
using Tutti.Lui.Jobs;
using Tutti.Lui.Returns;
using Tutti.Lui.Tracking;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Reports;

/// <summary>Reads what became of a job: its receipt, what recipients did, and up to when that is complete.</summary>
internal sealed class ReadReport(
    ReadReceipt receipts, DeliveryStore deliveries, ReportStore store, ReturnStore returns, ComponentStore components, FeedStore feeds, OutageStore outages, TimeProvider clock)
{
    private const int MostProfiles = 100;

    public async Task<Outcome<JobReport>> Handle(long jobId, CancellationToken cancellationToken)
    {
        if (!(await receipts.Handle(jobId, cancellationToken)).Is(out var receipt, out var refusal))
        {
            return refusal;
        }

        var delivery = await deliveries.Find(jobId, cancellationToken);
        var tracking = delivery?.Tracking ?? JobTracking.Off;
        var reactions = await store.Reactions(jobId, tracking, cancellationToken);
        var none = ReactionCount.Of(tracking, 0, 0, 0);
        var (length, overTime) = await OverTime(jobId, delivery, cancellationToken);
        return new JobReport(
            receipt,
            await returns.Count(jobId, cancellationToken),
            reactions.GetValueOrDefault(Reaction.Open, none),
            reactions.GetValueOrDefault(Reaction.Click, none),
            reactions.GetValueOrDefault(Reaction.Unsubscribe, ReactionCount.Of(ReportStore.TypeFor(Reaction.Unsubscribe, tracking), 0, 0, 0)),
            await store.Links(jobId, tracking, cancellationToken),
            length,
            overTime,
            await Trackers(delivery, cancellationToken))
        {
            Profiles = tracking is JobTracking.Permission or JobTracking.Anonymous ? await store.Profiles(jobId, MostProfiles, cancellationToken) : [],
        };
    }

    private async Task<(TimeSpan Length, IReadOnlyList<TimeBucket> Buckets)> OverTime(long jobId, Delivery.Delivery? delivery, CancellationToken cancellationToken)
    {
        if (delivery is null || await store.Span(jobId, cancellationToken) is not { } span)
        {
            return (Buckets.LengthFor(TimeSpan.Zero), []);
        }

        // From the start of the delivery, so that the chart shows how long people took; a tracker's clock may be behind ours.
        var last = DateTimeOffset.FromUnixTimeMilliseconds(span.Last);
        var first = DateTimeOffset.FromUnixTimeMilliseconds(span.First);
        first = delivery.StartedAt < first && first - delivery.StartedAt < TimeSpan.FromDays(1) ? delivery.StartedAt : first;
        var length = Buckets.LengthFor(last - first);
        var counted = await store.Buckets(jobId, (long)length.TotalMilliseconds, cancellationToken);
        return (length, Buckets.Fill(first, last, length, counted));
    }

    private async Task<IReadOnlyList<TrackerReport>> Trackers(Delivery.Delivery? delivery, CancellationToken cancellationToken)
    {
        var reports = new List<TrackerReport>();
        foreach (var tracker in await components.List(Component.Trackers, cancellationToken))
        {
            if (delivery is not null && !tracker.Serves(delivery.TrackingUrl))
            {
                continue;
            }

            var feed = tracker.Feed is { } id ? await feeds.Find(id, cancellationToken) : null;
            reports.Add(new TrackerReport(
                tracker.Title,
                feed?.CompleteTo is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(at, clock.GetUtcNow().ToUnixTimeMilliseconds())) : null,
                feed is null ? 0 : Math.Max(0, feed.Newest - feed.Mark),
                (feed?.Lost ?? 0) + await feeds.Missing(tracker.Id, cancellationToken),
                feed?.ClockOffsetMs ?? 0,
                delivery is null ? [] : await outages.Since(tracker.Id, delivery.StartedAt, cancellationToken)));
        }

        return reports;
    }
}
