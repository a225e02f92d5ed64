// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Lanes.Live;
using Tutti.Dst.Lanes.Pacing;
using Tutti.Dst.Lanes.Policies;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Dst.Lanes;

/// <summary>Sending.</summary>
internal static class LanesFeature
{
    /// <summary>Registers the slice; comes last, so that it stops first.</summary>
    public static WebApplicationBuilder AddLanes(this WebApplicationBuilder builder)
    {
        var settings = builder.AddSettings<LaneSettings>();
        builder.AddCheck(folder =>
        {
            CurrentPolicies.Read(Path.Combine(folder.Path, CurrentPolicies.FileName), settings, out var complaints);
            return complaints;
        });
        builder.Services.AddSingleton(services => new CurrentPolicies(
            services.GetRequiredService<ComponentFolder>().Path, settings, services.GetRequiredService<ILogger<CurrentPolicies>>()));
        builder.Services.AddSingleton<Paces>();
        builder.Services.AddSingleton<LaneBoard>();
        builder.Services.AddSingleton<LaneTroubles>();
        builder.Services.AddSingleton<LaneStateStore>();
        builder.Services.AddSingleton<LaneHolds>();
        builder.Services.AddSingleton<LaneDesk>();
        builder.Services.AddSingleton<LaneFigures>();
        builder.Services.AddSingleton(services => new RateLimit(settings.Rate, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<Messages>();
        builder.Services.AddSingleton<LaneParts>();
        builder.Services.AddSingleton<IStatusSource, DistributorStatus>();
        builder.Services.AddHostedService<SweepWorker>();
        builder.Services.AddHostedService<LanesWorker>();
        return builder;
    }

    /// <summary>Opens the doors for HUB and for the owner of home.</summary>
    public static WebApplication MapLanes(this WebApplication app)
    {
        app.MapGrpcService<LanesService>();
        app.MapGrpcService<LanesControlService>();
        return app;
    }
}
