// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Lui.Triggers;

/// <summary>Authorised jobs that wait until somebody lets them go: on their page, over REST, or by an address of their own.</summary>
internal static class TriggersFeature
{
    public static WebApplicationBuilder AddTriggers(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<TriggerStore>()
            .AddSingleton<TriggerJob>()
            .AddSingleton<TriggerLimit>()
            .AddSingleton<MakeTriggerAddress>()
            .AddSingleton<RevokeTriggerAddress>()
            .AddSingleton<PullTrigger>();
        return builder;
    }
}
