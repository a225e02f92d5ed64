// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Tutti.Contracts.Feed.V1;
using Tutti.Contracts.Trk.V1;
using Tutti.Mail.Links;
using Tutti.Trk.Outages;
using Tutti.Trk.Publications;
using Tutti.Trk.Spool;
using Tutti.Wiring.Outcomes;

namespace Tutti.Trk.Feed;

/// <summary>Reads events from the disk into replies.</summary>
internal sealed partial class FeedReader(SpoolStore store, SpoolState state, BeginAnew anew, OutageWatch outages, CatchUp catchUp, TimeProvider clock, ILogger<FeedReader> logger)
{
    /// <summary>Longest time that a call is held.</summary>
    internal static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private const int MaxReplyBytes = 1_000_000;
    private const int MaxBatchesPerRead = 200;

    /// <summary>Events after the reader's mark, at once or when there are some.</summary>
    public async Task<Outcome<EventBatch>> Fetch(FetchRequest request, CancellationToken cancellationToken)
    {
        if (request.FeedId == state.FeedId && request.After > (ulong)state.Newest)
        {
            await anew.Handle(request.FeedId, (long)Math.Min(request.After, long.MaxValue), cancellationToken);
        }

        var reply = new EventBatch { FeedId = state.FeedId };
        if (request.FeedId == state.FeedId || (request.FeedId.Length == 0 && request.After == 0))
        {
            var after = (long)request.After;
            await WaitForNewer(after, request.WaitMs, cancellationToken);
            await Fill(reply, after, request.MaxEvents == 0 ? int.MaxValue : (int)Math.Min(request.MaxEvents, int.MaxValue), cancellationToken);
        }

        reply.Newest = (ulong)state.Newest;
        reply.Lost = (ulong)state.Lost;
        reply.CatchingUp = catchUp.IsRunning;
        reply.Outages.AddRange(outages.Known.Select(outage => new Contracts.Trk.V1.Outage { FromMs = outage.From.ToUnixTimeMilliseconds(), ToMs = outage.To.ToUnixTimeMilliseconds() }));
        reply.ClockMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return reply;
    }

    private static Event ToWire(long number, in TrackedEvent tracked)
    {
        var wire = new Event
        {
            Number = (ulong)number,
            AtMs = tracked.AtMs,
            Kind = tracked.Kind switch
            {
                LinkKind.Open => EventKind.Open,
                LinkKind.Click => EventKind.Click,
                LinkKind.Unsubscribe => EventKind.Unsubscribe,
            },
            JobId = tracked.JobId,
            Link = tracked.Link,
            UserAgent = tracked.UserAgent,
            ClientAddress = tracked.ClientAddress?.ToString() ?? "",
        };
        if (tracked.Recipient is { } recipient)
        {
            wire.RecipientToken = recipient;
        }

        return wire;
    }

    private async Task WaitForNewer(long after, uint waitMs, CancellationToken cancellationToken)
    {
        var newer = state.NewerThan(after);
        if (newer.IsCompleted || waitMs == 0)
        {
            return;
        }

        var wait = TimeSpan.FromMilliseconds(Math.Min(waitMs, MaxWait.TotalMilliseconds));
        try
        {
            await newer.WaitAsync(wait, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Nothing came: the reply is empty.
        }
    }

    private async Task Fill(EventBatch reply, long after, int maxEvents, CancellationToken cancellationToken)
    {
        var bytes = reply.CalculateSize() + 64;
        while (reply.Events.Count < maxEvents)
        {
            var batches = await store.After(after, MaxBatchesPerRead, cancellationToken);
            foreach (var batch in batches)
            {
                foreach (var (number, tracked) in EventsOf(batch))
                {
                    if (number <= after)
                    {
                        continue;
                    }

                    var wire = ToWire(number, tracked);
                    bytes += wire.CalculateSize() + 8;
                    if (reply.Events.Count == maxEvents || bytes > MaxReplyBytes)
                    {
                        return;
                    }

                    reply.Events.Add(wire);
                }

                after = batch.Last;
            }

            if (batches.Count < MaxBatchesPerRead)
            {
                return;
            }
        }
    }

    private IEnumerable<(long Number, TrackedEvent Event)> EventsOf(PackedBatch batch)
    {
        if (!batch.IsWhole)
        {
            // Nothing is made up: what the disk no longer knows is left out, and said.
            LogDamaged(batch.First, batch.Last);
            return [];
        }

        return PackedEvents.Read(batch.Events).Select((tracked, i) => (batch.First + i, tracked));
    }

    [LoggerMessage(3201, LogLevel.Error, "The disk has damaged events {First} to {Last}: they are left out of the feed", EventName = "trk.feed.damaged")]
    private partial void LogDamaged(long first, long last);
}
