// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Hosting;
using Tutti.Lui.Components;
using Tutti.Lui.Delivery;

namespace Tutti.Lui.Tracking;

/// <summary>Keeps every tracker up to date with links, and brings its events home.</summary>
internal sealed class TrackersWorker(PeerLoop loop, PublishLinks publish, FetchReactions fetch, DeliverySettings settings) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.Run(
        Component.Trackers,
        settings.FetchEvery,
        async (tracker, token) =>
        {
            // Links first: a click whose link is not known there waits for them.
            await publish.CatchUp(tracker, token);
            return await fetch.Handle(tracker, settings.FetchEvery, token);
        },
        stoppingToken);
}
