// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Hosting;
using Tutti.Lui.Components;
using Tutti.Lui.Delivery;
using Tutti.Lui.Suppression;

namespace Tutti.Lui.Fates;

/// <summary>Keeps every distributor up to date with the suppression list, and brings its events home.</summary>
internal sealed class DistributorsWorker(PeerLoop loop, PushSuppression push, FetchFates fetch, DeliverySettings settings) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.Run(
        Component.Distributors,
        settings.FetchEvery,
        async (distributor, token) =>
        {
            await push.Handle(distributor, token);
            return await fetch.Handle(distributor, settings.FetchEvery, token);
        },
        stoppingToken);
}
