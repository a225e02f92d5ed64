// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Feed.V1;
using Tutti.Dst.Journal;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Dst.Feed;

/// <summary>Hands the delivery events to LUI.</summary>
internal sealed class EventsService(FeedStore store, FeedSignal signal, JournalWorker journal, TimeProvider clock) : Wire.Events.EventsBase
{
    private const uint MostEvents = 10_000;
    private const int MostText = 600_000;
    private const uint LongestWait = 60_000;

    /// <inheritdoc/>
    public override async Task<Wire.EventBatch> Fetch(FetchRequest request, ServerCallContext context)
    {
        var batch = new Wire.EventBatch { FeedId = journal.FeedId };
        if (request.FeedId.Length == 0 || request.FeedId == journal.FeedId)
        {
            batch.Events.AddRange((await Wait(request, context.CancellationToken)).ConvertAll(ToWire));
        }

        batch.Newest = (ulong)(await store.Marks(context.CancellationToken)).Newest;
        batch.ClockMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return batch;
    }

    /// <inheritdoc/>
    public override async Task<ConfirmReply> Confirm(ConfirmRequest request, ServerCallContext context)
    {
        if (request.FeedId != journal.FeedId)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "This feed has another id: the store was restored or replaced."));
        }

        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await journal.Write(session =>
        {
            FeedStore.Confirm(session, (long)request.UpTo, now);
            return true;
        });
        return new ConfirmReply();
    }

    private async Task<List<FateEvent>> Wait(FetchRequest request, CancellationToken cancellationToken)
    {
        var limit = (int)Math.Clamp(request.MaxEvents, 1, MostEvents);
        var deadline = Task.Delay(TimeSpan.FromMilliseconds(Math.Min(request.WaitMs, LongestWait)), clock, cancellationToken);
        while (true)
        {
            // Taken before looking: an event that comes in between ends it.
            var next = signal.Next;
            var events = await store.After((long)request.After, limit, MostText, cancellationToken);
            if (events.Count > 0 || deadline.IsCompleted)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return events;
            }

            await Task.WhenAny(next, deadline);
        }
    }

    private static Wire.Event ToWire(FateEvent happened) => new()
    {
        Number = (ulong)happened.Number,
        AtMs = happened.At,
        JobId = (ulong)happened.Job,
        RecipientId = (ulong)happened.Recipient,
        Attempts = (uint)happened.Attempts,
        Reply = happened.Reply,
        Host = happened.Host,
        Fate = happened.Fate switch
        {
            Standing.Accepted => Wire.Fate.Accepted,
            Standing.Refused => Wire.Fate.Refused,
            Standing.Expired => Wire.Fate.Expired,
            Standing.Suppressed => Wire.Fate.Suppressed,
            Standing.Withdrawn => Wire.Fate.Withdrawn,
            Standing.InDoubt => Wire.Fate.InDoubt,
            Standing.Waiting or Standing.Offered => throw new InvalidOperationException($"{happened.Fate} is no fate."),
        },
    };
}
