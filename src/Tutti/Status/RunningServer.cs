// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Grpc.Net.Client;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Commands.Status;

/// <summary>The processes of one server that answer on their Unix sockets now.</summary>
internal sealed class RunningServer : IDisposable
{
    // A process that does not answer a question about itself for so long is as good as gone.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);
    private readonly List<(GrpcChannel Channel, ServerStatus Status)> _processes = [];

    private RunningServer()
    {
    }

    /// <summary>What each process says of itself.</summary>
    public IEnumerable<ServerStatus> Processes => _processes.Select(process => process.Status);

    /// <summary>Asks every socket in home; sockets that a killed process left behind are passed over.</summary>
    public static async Task<RunningServer> Find(HomeFolder home, TimeProvider clock, CancellationToken cancellationToken)
    {
        var server = new RunningServer();
        foreach (var path in ControlSocket.In(home))
        {
            var channel = ControlSocket.Dial(path);
            try
            {
                var deadline = clock.GetUtcNow().Add(_patience).UtcDateTime;
                var status = await new Control.ControlClient(channel).GetStatusAsync(new StatusRequest(), deadline: deadline, cancellationToken: cancellationToken);
                server._processes.Add((channel, status));
            }
            catch (RpcException exception) when (exception.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal)
            {
                channel.Dispose();
            }
        }

        return server;
    }

    /// <summary>The ways to all of them.</summary>
    public IEnumerable<Control.ControlClient> Controls => _processes.Select(process => new Control.ControlClient(process.Channel));

    /// <summary>The way to the process that carries a component; null if none does.</summary>
    public Control.ControlClient? ProcessOf(string component) => ChannelOf(component) is { } channel ? new Control.ControlClient(channel) : null;

    /// <summary>The same as a channel, for the services of the component itself.</summary>
    public GrpcChannel? ChannelOf(string component) => _processes
        .Where(process => process.Status.Components.Any(carried => carried.Name == component))
        .Select(process => process.Channel)
        .FirstOrDefault();

    /// <inheritdoc/>
    public void Dispose() => _processes.ForEach(process => process.Channel.Dispose());
}
