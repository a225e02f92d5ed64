// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor;
using Tutti.Wiring.Corridor.Callers;
using Tutti.Wiring.Corridor.Links;
using Tutti.Wiring.Joining;

namespace Tutti.Wiring.Hosting;

/// <summary>What a process answers for itself: its status on the internal port, commands on the control socket.</summary>
internal sealed class ServerSelf : IDoorKeeper, IAsyncDisposable
{
    private readonly ComponentServer _server;
    private readonly WebApplication _application;

    public ServerSelf(ServerProcess process, ServerConfiguration configuration, ServerCorridor corridor, ClusterHome cluster, TimeProvider clock, ILogger logger)
    {
        _server = new ComponentServer(clock);
        var builder = ComponentBuilder.Create(_server, configuration, corridor, clock);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(process).AddSingleton(corridor).AddSingleton(cluster).AddSingleton(logger).AddSingleton<DescribeProcess>().AddSingleton<CheckLinks>();
        _application = builder.Build();
        _application.MapGrpcService<StatusService>();
        _application.MapGrpcService<ControlService>();
        _application.MapGrpcService<ClusterService>();
        _application.MapGrpcService<CallersService>();
    }

    public static string Version { get; } =
        typeof(ServerSelf).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public string Name => "server";

    public IReadOnlyList<Door> Doors { get; } =
    [
        new(Listener.Internal, "/tutti.server.v1.Server/"),
        new(Listener.Internal, "/tutti.server.v1.Cluster/"),
        new(Listener.Internal, "/tutti.server.v1.Callers/"),
        new(Listener.Control, "/tutti.server.v1.Control/"),
    ];

    public HostedApplication? Requests => _server.Application;

    /// <summary>What the framework's listeners need where they do TLS.</summary>
    public IServiceProvider Services => _application.Services;

    public Task Start(CancellationToken cancellationToken) => _application.StartAsync(cancellationToken);

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
