// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Google.Protobuf.Collections;
using Grpc.Core;
using Tutti.Lui.Components;
using Tutti.Lui.Delivery;
using Tutti.Lui.Feeds;
using Tutti.Lui.Returns;
using Tutti.Wiring.Storage;
using Tutti.Wiring.Transport;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Fates;

/// <summary>Brings a distributor's events home and writes them into the fates and receipts; what came back takes effect in the same transaction.</summary>
internal sealed class FetchFates(Database database, ReadFeed reader, OutcomeStore outcomes, ReturnStore returns, Peers peers)
{
    /// <summary>One round.</summary>
    /// <param name="distributor">Whose events.</param>
    /// <param name="wait">How long it may hold the call when it has nothing to send.</param>
    /// <param name="cancellationToken">Ends the round.</param>
    public Task<FeedRound> Handle(Component distributor, TimeSpan wait, CancellationToken cancellationToken)
    {
        var client = new Wire.Events.EventsClient(peers.Dial(distributor.Host, distributor.InternalPort));
        return reader.Handle(
            distributor,
            wait,
            async (request, token) =>
            {
                var batch = await client.FetchAsync(request, cancellationToken: token);
                return new FeedAnswer(
                    batch.FeedId,
                    [.. batch.Events.Select(one => one.Number)],
                    batch.Newest,
                    Lost: 0,
                    batch.ClockMs,
                    (transaction, feed, _) => Store(transaction, feed, batch.Events, cancellationToken));
            },
            async (request, token) => await client.ConfirmAsync(request, cancellationToken: token),
            cancellationToken);
    }

    private async Task Store(DbTransaction transaction, Feed feed, RepeatedField<Wire.Event> events, CancellationToken cancellationToken)
    {
        var known = await KnownDeliveries.Among(transaction, database.Dialect, events.Select(one => (long)one.JobId));
        var fates = new List<FateEvent>(events.Count);
        var cameBack = new List<Returned>();
        var refused = new List<(FateEvent Fate, BounceClass Class)>();
        foreach (var one in events.Where(one => known.Contains((long)one.JobId)))
        {
            if (one.CameBack != Wire.CameBack.Unspecified)
            {
                cameBack.Add(new Returned(
                    (long)one.JobId, (long)one.RecipientId, WhatOf(one), ClassOf(one), PlainText.Of(one.Reply), PlainText.Of(one.Host), one.AtMs));
                continue;
            }

            var fate = new FateEvent(
                (long)one.JobId, (long)one.RecipientId, FateOf(one), PlainText.Of(one.Reply), PlainText.Of(one.Host), one.Attempts, one.AtMs);
            fates.Add(fate);
            if (one.BounceClass != Wire.BounceClass.Unspecified)
            {
                refused.Add((fate, ClassOf(one)));
            }
        }

        await outcomes.Add(transaction, fates, feed.Number, cancellationToken);
        foreach (var (fate, @class) in refused)
        {
            await returns.Follow(transaction, fate, @class);
        }

        await returns.Add(transaction, feed.Number, cameBack, cancellationToken);
    }

    private static CameBack WhatOf(Wire.Event one) => one.CameBack switch
    {
        Wire.CameBack.Bounced => CameBack.Bounced,
        Wire.CameBack.Complained => CameBack.Complained,
        Wire.CameBack.Unsubscribed => CameBack.Unsubscribed,
        _ => throw new RpcException(new Status(
            StatusCode.Unimplemented, $"Event {one.Number} tells of a return of kind {(int)one.CameBack}, which this version does not know. Update LUI first.")),
    };

    /// <summary>A class that this version does not know has no consequences.</summary>
    private static BounceClass ClassOf(Wire.Event one) => one.BounceClass switch
    {
        Wire.BounceClass.Hard => BounceClass.Hard,
        Wire.BounceClass.Soft => BounceClass.Soft,
        Wire.BounceClass.Transient => BounceClass.Transient,
        Wire.BounceClass.Complaint => BounceClass.Complaint,
        _ => BounceClass.Policy,
    };

    private static Fate FateOf(Wire.Event one) => one.Fate switch
    {
        Wire.Fate.Accepted => Fate.Accepted,
        Wire.Fate.Refused => Fate.Refused,
        Wire.Fate.Expired => Fate.Expired,
        Wire.Fate.Suppressed => Fate.Suppressed,
        Wire.Fate.Withdrawn => Fate.Withdrawn,
        Wire.Fate.InDoubt => Fate.InDoubt,
        _ => throw new RpcException(new Status(
            StatusCode.Unimplemented, $"Event {one.Number} has fate {(int)one.Fate}, which this version does not know. Update LUI first.")),
    };
}
