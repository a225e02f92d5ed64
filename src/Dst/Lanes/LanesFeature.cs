// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Dst.Lanes;

/// <summary>Sending.</summary>
internal static class LanesFeature
{
    /// <summary>Registers the slice; comes last, so that it stops first.</summary>
    public static WebApplicationBuilder AddLanes(this WebApplicationBuilder builder)
    {
        builder.AddSettings<LaneSettings>();
        builder.Services.AddSingleton<LaneTroubles>();
        builder.Services.AddSingleton<LaneFigures>();
        builder.Services.AddSingleton<RateLimit>();
        builder.Services.AddSingleton<Messages>();
        builder.Services.AddSingleton<LaneParts>();
        builder.Services.AddSingleton<IStatusSource, DistributorStatus>();
        builder.Services.AddHostedService<SweepWorker>();
        builder.Services.AddHostedService<LanesWorker>();
        return builder;
    }
}
