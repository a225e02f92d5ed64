// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Trk.V1;
using Tutti.Frame.Words;
using Tutti.Lui.Components;
using Tutti.Lui.Delivery;
using Tutti.Wiring.Transport;

namespace Tutti.Lui.Tracking;

/// <summary>Brings a delivery's links to the trackers. A message may leave only when every tracker in service has them on its disk.</summary>
internal sealed class PublishLinks(
    PublicationStore publications, DeliveryStore deliveries, ComponentStore components, Peers peers, TimeProvider clock)
{
    /// <summary>To every tracker in service for the delivery's address. Null when all have it, else which one does not answer and what to do.</summary>
    public async Task<string?> ToAll(Delivery.Delivery delivery, CancellationToken cancellationToken)
    {
        var trackers = (await components.List(Component.Trackers, cancellationToken))
            .Where(tracker => tracker.Serves(delivery.TrackingUrl))
            .ToList();
        if (trackers.Count == 0)
        {
            return SharedWords.Fill(TrackingWords.NoTrackerAnswers, delivery.TrackingUrl);
        }

        // Those that people took out of service get the links when they are back; until then they spool clicks that they cannot lead on.
        foreach (var tracker in trackers.Where(tracker => tracker.InService))
        {
            if (tracker.Feed is { } feed && await publications.Has(feed, delivery.Id, cancellationToken))
            {
                // Away or not, its disk has them.
                continue;
            }

            try
            {
                await To(tracker, delivery.Id, cancellationToken);
            }
            catch (RpcException problem) when (!cancellationToken.IsCancellationRequested)
            {
                return SharedWords.Fill(TrackingWords.LinksNotConfirmed, tracker.Title, PeerWords.Of(problem));
            }
        }

        return null;
    }

    /// <summary>To one tracker; returns when it is on that tracker's disk.</summary>
    /// <returns>The feed of the store that has it.</returns>
    public async Task<string> To(Component tracker, long deliveryId, CancellationToken cancellationToken)
    {
        var publication = Publication.Parser.ParseFrom((await deliveries.Parts(deliveryId, cancellationToken)).Publication);
        var client = new Publications.PublicationsClient(peers.Dial(tracker.Host, tracker.TrackerPort));
        using var patience = new Patience(clock, cancellationToken);
        var reply = await client.PublishAsync(publication, cancellationToken: patience.Token);
        await publications.Save(reply.FeedId, deliveryId, publication.Number, clock.GetUtcNow(), cancellationToken);
        await components.SaveFeed(tracker.Id, reply.FeedId, cancellationToken);
        return reply.FeedId;
    }

    /// <summary>Brings a tracker up to date with everything that leads to it; one that people took out of service comes back into it.</summary>
    public async Task CatchUp(Component tracker, CancellationToken cancellationToken)
    {
        if (tracker.Feed is not { } feed)
        {
            return;
        }

        const int Page = 100;
        while (true)
        {
            var missing = await publications.Missing(feed, tracker.TrackingHost, Page, cancellationToken);
            foreach (var deliveryId in missing)
            {
                if (await To(tracker, deliveryId, cancellationToken) != feed)
                {
                    // Its store was replaced meanwhile; the next round starts over with the new one.
                    return;
                }
            }

            if (missing.Count < Page)
            {
                break;
            }
        }

        if (!tracker.InService)
        {
            await components.SetInService(tracker.Id, inService: true, cancellationToken);
        }
    }
}
