// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Transport;

namespace Tutti.Hub.Components;

internal static class ComponentsFeature
{
    public static WebApplicationBuilder AddComponents(this WebApplicationBuilder builder)
    {
        builder.AddSettings<ComponentsSettings>();
        builder.Services
            .AddSingleton(services => OwnProcesses.Of(services.GetRequiredService<ServerConfiguration>()))
            .AddSingleton<ServerStore>()
            .AddSingleton<IDialsPeers, DialledByHub>()
            .AddSingleton<LinkKeyStore>()
            .AddSingleton<RegistryKeyStore>()
            .AddSingleton<HandDownCallers>()
            .AddSingleton<AskServer>()
            .AddHostedService<WatchServersWorker>();
        return builder;
    }

    public static WebApplication MapComponents(this WebApplication app)
    {
        app.MapGrpcService<RegistryService>();
        return app;
    }
}
