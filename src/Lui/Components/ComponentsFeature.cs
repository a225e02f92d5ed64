// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Transport;

namespace Tutti.Lui.Components;

/// <summary>The installation as HUB last described it.</summary>
internal static class ComponentsFeature
{
    public static WebApplicationBuilder AddComponents(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<ComponentStore>()
            .AddSingleton<LinkKeyStore>()
            .AddSingleton<HubCaller>()
            .AddSingleton<HubContact>()
            .AddSingleton<FollowHub>()
            .AddSingleton<IDialsPeers, DialledByLui>()
            .AddSingleton<RefreshComponents>()
            .AddSingleton<PeerLoop>()
            .AddHostedService<ComponentsWorker>();
        return builder;
    }

    public static WebApplication MapComponents(this WebApplication app)
    {
        app.MapGrpcService<FollowHubService>();
        return app;
    }
}
