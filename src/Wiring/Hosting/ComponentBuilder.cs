// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor;
using Tutti.Wiring.Corridor.Callers;
using Tutti.Wiring.Storage;
using Tutti.Wiring.Transport;

namespace Tutti.Wiring.Hosting;

/// <summary>The web application that every part of a process starts from: no socket, no signals, no configuration but ours.</summary>
internal static class ComponentBuilder
{
    private const int MaxMessage = 8 * 1024 * 1024;

    public static WebApplicationBuilder Create(ComponentServer requests, ServerConfiguration server, ServerCorridor? corridor, TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = "tutti",
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.Configuration.Sources.Clear();
        builder.Services
            .AddSingleton<IServer>(requests)
            .AddSingleton<IHostLifetime, ProcessOwnsTheSignals>()
            .AddSingleton(server)
            .AddSingleton(clock)
            .AddSingleton(new Peers(server, () => corridor?.Calls, clock, corridor?.SecuredCalls))
            .AddSingleton(new CallerCheck(corridor))
            .AddRouting()
            .Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(10));
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = MaxMessage;
            options.Interceptors.Add<CallerCheck>();
            options.Interceptors.Add<DatabaseAbsence.Interception>();
        });
        return builder;
    }

    /// <summary>Signals belong to the process, which stops its components one after the other.</summary>
    private sealed class ProcessOwnsTheSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
