// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Google.Protobuf.Collections;
using Grpc.Core;
using Tutti.Lui.Components;
using Tutti.Lui.Feeds;
using Tutti.Wiring.Transport;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Fates;

/// <summary>Brings a distributor's events home and writes them into the fates and receipts.</summary>
internal sealed class FetchFates(ReadFeed reader, OutcomeStore outcomes, Peers peers)
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

    private Task<int> Store(DbTransaction transaction, Feed feed, RepeatedField<Wire.Event> events, CancellationToken cancellationToken)
    {
        var fates = new FateEvent[events.Count];
        for (var index = 0; index < fates.Length; index++)
        {
            var one = events[index];
            fates[index] = new FateEvent((long)one.JobId, (long)one.RecipientId, FateOf(one), PlainText.Of(one.Reply), PlainText.Of(one.Host), one.Attempts, one.AtMs);
        }

        return outcomes.Add(transaction, fates, feed.Number, cancellationToken);
    }

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
