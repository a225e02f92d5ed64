// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Lui.Rehearsals;

/// <summary>Dress rehearsals of jobs.</summary>
internal static class RehearsalsFeature
{
    /// <summary>Registers the slice.</summary>
    public static WebApplicationBuilder AddRehearsals(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<RehearsalStore>()
            .AddSingleton<PlayedBatches>()
            .AddSingleton<BeginRehearsal>()
            .AddSingleton<StopRehearsal>()
            .AddSingleton<Rehearse>()
            .AddHostedService<RehearsalsWorker>();
        return builder;
    }
}
