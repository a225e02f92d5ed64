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
internal sealed partial class FeedReader(
    SpoolStore store, HistoryStore history, SpoolState state, BeginAnew anew, OutageWatch outages, CatchUp catchUp, TimeProvider clock, ILogger<FeedReader> logger)
{
    /// <summary>Longest time that a call is held.</summary>
    internal static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private const int MaxReplyBytes = 1_000_000;
    private const int MaxBatchesPerRead = 200;

    /// <summary>Events after the reader's mark, at once or when there are some.</summary>
    public async Task<Outcome<EventBatch>> Fetch(FetchRequest request, CancellationToken cancellationToken)
    {
        if (request.FeedId == state.FeedId && Divergence(request) is { } sharedTo)
        {
            if (request.Ahead)
            {
                return FeedRefusals.Ahead();
            }

            await anew.Handle(request.FeedId, (long)Math.Min(request.After, long.MaxValue), sharedTo, cancellationToken);
        }

        var reply = new EventBatch { FeedId = state.FeedId };
        if (request.FeedId == state.FeedId || (request.FeedId.Length == 0 && request.After == 0))
        {
            var after = (long)request.After;
            await WaitForNewer(after, request.WaitMs, cancellationToken);
            reply.Starts.AddRange(state.History.After(after).Select(start => start.Id));
            await Fill(reply, after, request.MaxEvents == 0 ? int.MaxValue : (int)Math.Min(request.MaxEvents, int.MaxValue), cancellationToken);
        }
        else if (state.History.Former.TryGetValue(request.FeedId, out var former))
        {
            reply.SharedTo = (ulong)former;
        }

        reply.Newest = (ulong)state.Newest;
        reply.Lost = (ulong)state.Lost;
        reply.CatchingUp = !catchUp.IsComplete;
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

        if (tracked.Trace is { } trace)
        {
            wire.Trace = trace;
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

    /// <summary>Up to where the reader's past is this store's; null if it is so to its end.</summary>
    private long? Divergence(FetchRequest request) => request.Starts.Count > 0
        ? state.History.SharedWith(request.Starts, (long)Math.Max(request.Told, request.After), state.Newest)
        : request.After > (ulong)state.Newest ? state.AtStart : null;

    private async Task Fill(EventBatch reply, long after, int maxEvents, CancellationToken cancellationToken)
    {
        var bytes = reply.CalculateSize() + 64;
        var newest = state.Newest;
        var oldest = 0L;
        while (reply.Events.Count < maxEvents)
        {
            var batches = await store.After(after, MaxBatchesPerRead, cancellationToken);
            oldest = oldest == 0 && batches.Count > 0 ? batches[0].First : oldest;
            foreach (var batch in batches)
            {
                var events = EventsOf(batch);
                if (events.Count > 0 && batch.First > after + 1)
                {
                    await Leave(reply, new Spool.Hole(after + 1, batch.First - 1), oldest, cancellationToken);
                    after = batch.First - 1;
                }

                for (var number = after + 1; number < batch.First + events.Count; number++)
                {
                    var wire = ToWire(number, events[(int)(number - batch.First)]);
                    bytes += wire.CalculateSize() + 8;
                    if (reply.Events.Count == maxEvents || bytes > MaxReplyBytes)
                    {
                        return;
                    }

                    reply.Events.Add(wire);
                    after = number;
                }
            }

            if (batches.Count < MaxBatchesPerRead)
            {
                break;
            }

            // Behind what was read, also where all of it was damaged.
            after = Math.Max(after, batches[^1].First - 1);
        }

        if (after < newest && reply.Events.Count < maxEvents)
        {
            await Leave(reply, new Spool.Hole(after + 1, newest), oldest, cancellationToken);
        }
    }

    /// <summary>Says that events are not there. Those that were confirmed and deleted since are no loss of this tracker.</summary>
    private async Task Leave(EventBatch reply, Spool.Hole hole, long oldest, CancellationToken cancellationToken)
    {
        var isExpired = hole.Last <= state.Confirmed && (oldest == 0 || hole.First < oldest);
        reply.Holes.Add(new Contracts.Trk.V1.Hole { First = (ulong)hole.First, Last = (ulong)hole.Last, Expired = isExpired });
        if (!isExpired && state.Damaged(hole))
        {
            // Nothing is made up: what the disk no longer knows is left out, and said.
            LogDamaged(hole.First, hole.Last);
            await history.KeepDamage(hole, cancellationToken);
        }
    }

    private static List<TrackedEvent> EventsOf(PackedBatch batch)
    {
        if (!batch.IsWhole)
        {
            return [];
        }

        var events = PackedEvents.Read(batch.Events);
        return events.Count == batch.Last - batch.First + 1 ? events : [];
    }

    [LoggerMessage(3201, LogLevel.Error, "The disk has damaged events {First} to {Last}: they are left out of the feed", EventName = "trk.feed.damaged")]
    private partial void LogDamaged(long first, long last);
}
