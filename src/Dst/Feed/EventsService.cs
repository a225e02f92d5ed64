// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Feed.V1;
using Tutti.Dst.Journal;
using Tutti.Dst.Returns;
using Tutti.Dst.Returns.Rules;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Dst.Feed;

/// <summary>Hands the delivery events to LUI.</summary>
internal sealed class EventsService(FeedStore store, FeedSignal signal, JournalWorker journal, BounceRules rules, TimeProvider clock) : Wire.Events.EventsBase
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

    private Wire.Event ToWire(FateEvent happened) => new()
    {
        Number = (ulong)happened.Number,
        AtMs = happened.At,
        JobId = (ulong)happened.Job,
        RecipientId = (ulong)happened.Recipient,
        Attempts = (uint)happened.Attempts,
        Reply = happened.Reply,
        Host = happened.Host,
        CameBack = happened.CameBack switch
        {
            CameBack.Nothing => Wire.CameBack.Unspecified,
            CameBack.Bounced => Wire.CameBack.Bounced,
            CameBack.Complained => Wire.CameBack.Complained,
            CameBack.Unsubscribed => Wire.CameBack.Unsubscribed,
        },
        BounceClass = ClassOf(happened) switch
        {
            BounceClass.Hard => Wire.BounceClass.Hard,
            BounceClass.Soft => Wire.BounceClass.Soft,
            BounceClass.Policy => Wire.BounceClass.Policy,
            BounceClass.Transient => Wire.BounceClass.Transient,
            BounceClass.Complaint => Wire.BounceClass.Complaint,
            BounceClass.None => Wire.BounceClass.Unspecified,
        },
        Fate = happened.CameBack == CameBack.Nothing ? FateOf(happened.Fate) : Wire.Fate.Unspecified,
    };

    private static Wire.Fate FateOf(Standing fate) => fate switch
    {
        Standing.Accepted => Wire.Fate.Accepted,
        Standing.Refused => Wire.Fate.Refused,
        Standing.Expired => Wire.Fate.Expired,
        Standing.Suppressed => Wire.Fate.Suppressed,
        Standing.Withdrawn => Wire.Fate.Withdrawn,
        Standing.InDoubt => Wire.Fate.InDoubt,
        Standing.Waiting or Standing.Offered => throw new InvalidOperationException($"{fate} is no fate."),
    };

    /// <summary>A refusal of a host is read when it is told: so the rules that count are those of today. Local reasons have no host and no class.</summary>
    private BounceClass ClassOf(FateEvent happened) => happened switch
    {
        { CameBack: not CameBack.Nothing } => happened.Class,
        { Fate: Standing.Refused or Standing.Expired, Host.Length: > 0 } => rules.Classify(happened.Reply),
        _ => BounceClass.None,
    };
}
