// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Trk.Replacements;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Trk.Spool;

/// <summary>Registers the spool.</summary>
internal static class SpoolFeature
{
    public static WebApplicationBuilder AddSpool(this WebApplicationBuilder builder)
    {
        builder.AddSettings<SpoolSettings>("Spool");
        builder.Services
            .AddSingleton(services => new TrackerFile(services.GetRequiredService<ComponentFolder>()))
            .AddSingleton<SpoolStore>()
            .AddSingleton<HistoryStore>()
            .AddSingleton<ReplacementStore>()
            .AddSingleton<SpoolState>()
            .AddSingleton<SpoolMetrics>()
            .AddSingleton<EventSpool>()
            .AddSingleton<IStatusSource, SpoolStatus>()
            .AddHostedService<SpoolWorker>()
            .AddHostedService<RetentionWorker>();
        return builder;
    }
}
