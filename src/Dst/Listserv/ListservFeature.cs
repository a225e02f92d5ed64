// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Listserv;

/// <summary>A LISTSERV beside our own engine.</summary>
internal static class ListservFeature
{
    /// <summary>Registers the slice.</summary>
    public static WebApplicationBuilder AddListserv(this WebApplicationBuilder builder)
    {
        builder.AddSettings<ListservSettings>();
        builder.Services.AddSingleton<TcpguiClient>();
        builder.Services.AddSingleton<ListservDesk>();
        builder.Services.AddSingleton<ListservJobs>();
        builder.Services.AddHostedService<ReadBounceLogWorker>();
        return builder;
    }

    /// <summary>Opens the door.</summary>
    public static WebApplication MapListserv(this WebApplication app)
    {
        app.MapGrpcService<ListservService>();
        return app;
    }
}
