// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Hosting;

namespace Tutti.Hub.Servers;

/// <summary>Which servers belong to the installation.</summary>
internal static class ServersFeature
{
    public static WebApplicationBuilder AddServers(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<InternalPorts>()
            .AddSingleton<AddServer>()
            .AddSingleton<RemoveServer>()
            .AddSingleton<JoinsUnderWay>();
        return builder;
    }

    public static WebApplication MapServers(this WebApplication app)
    {
        app.MapGrpcService<ServersService>();
        app.MapServerForms();
        return app;
    }
}
