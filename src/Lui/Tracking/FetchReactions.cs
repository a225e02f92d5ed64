// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf.Collections;
using Grpc.Core;
using Tutti.Lui.Components;
using Tutti.Lui.Feeds;
using Tutti.Mail.Links;
using Tutti.Wiring.Transport;
using Wire = Tutti.Contracts.Trk.V1;

namespace Tutti.Lui.Tracking;

/// <summary>Brings a tracker's events home; unsubscribes take effect in the same transaction.</summary>
internal sealed class FetchReactions(ReadFeed reader, ReactionStore store, RecipientTokens tokens, OutageStore outages, Peers peers)
{
    /// <summary>One round.</summary>
    /// <param name="tracker">Whose events.</param>
    /// <param name="wait">How long it may hold the call when it has nothing to send.</param>
    /// <param name="cancellationToken">Ends the round.</param>
    public async Task<FeedRound> Handle(Component tracker, TimeSpan wait, CancellationToken cancellationToken)
    {
        var permutation = await tokens.Permutation(cancellationToken);
        var client = new Wire.Events.EventsClient(peers.Dial(tracker.Host, tracker.TrackerPort));
        Wire.EventBatch? told = null;
        var round = await reader.Handle(
            tracker,
            wait,
            async (request, token) =>
            {
                var batch = told = await client.FetchAsync(request, cancellationToken: token);
                return new FeedAnswer(
                    batch.FeedId,
                    [.. batch.Events.Select(one => one.Number)],
                    batch.Newest,
                    batch.Lost,
                    batch.ClockMs,
                    (transaction, feed, offset) => store.Add(transaction, feed.Number, offset, Read(permutation, batch.Events), cancellationToken))
                {
                    Holes = [.. batch.Holes.Select(hole => new FeedHole((long)hole.First, (long)hole.Last, !hole.Expired))],
                    Starts = batch.Starts,
                    SharedTo = batch.HasSharedTo ? (long)batch.SharedTo : null,
                };
            },
            async (request, token) => await client.ConfirmAsync(request, cancellationToken: token),
            cancellationToken);
        if (told is not null)
        {
            await Take(told, tracker, round, cancellationToken);
        }

        return round;
    }

    /// <summary>What a tracker says of itself beside its events.</summary>
    private async Task Take(Wire.EventBatch told, Component tracker, FeedRound round, CancellationToken cancellationToken)
    {
        await outages.Save(
            tracker.Id,
            [.. told.Outages.Select(outage => new TrackerOutage(DateTimeOffset.FromUnixTimeMilliseconds(outage.FromMs), DateTimeOffset.FromUnixTimeMilliseconds(outage.ToMs)))],
            cancellationToken);
        if (told.CatchingUp && round != FeedRound.Begun && told.FeedId == tracker.Feed)
        {
            // Its links were brought before this round.
            var client = new Wire.Publications.PublicationsClient(peers.Dial(tracker.Host, tracker.TrackerPort));
            await client.UpToDateAsync(new Wire.UpToDateRequest { FeedId = told.FeedId }, cancellationToken: cancellationToken);
        }
    }

    private static TrackerEvent[] Read(RecipientToken permutation, RepeatedField<Wire.Event> events) => [.. events.Select(one => new TrackerEvent(
        (long)one.Number,
        one.AtMs,
        KindOf(one),
        (long)one.JobId,
        one.Link,
        one.HasRecipientToken ? RecipientTokens.RecipientOf(permutation, (long)one.JobId, one.RecipientToken) : null,
        PlainText.Of(one.UserAgent),
        PlainText.Of(one.ClientAddress),
        one.HasTrace ? (long)one.Trace : null))];

    private static Reaction KindOf(Wire.Event one) => one.Kind switch
    {
        Wire.EventKind.Open => Reaction.Open,
        Wire.EventKind.Click => Reaction.Click,
        Wire.EventKind.Unsubscribe => Reaction.Unsubscribe,
        _ => throw new RpcException(new Status(
            StatusCode.Unimplemented, $"Event {one.Number} is of kind {(int)one.Kind}, which this version does not know. Update LUI first.")),
    };
}
