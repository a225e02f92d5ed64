// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Transport;

namespace Tutti.Hub.Components;

/// <summary>Asks one server how it is and keeps the answer, or why there was none.</summary>
internal sealed class AskServer(ServerStore servers, Peers peers, TimeProvider clock)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    /// <summary>True if it answered.</summary>
    public async Task<bool> Handle(string host, int port, CancellationToken cancellationToken)
    {
        try
        {
            var client = new Server.ServerClient(peers.Dial(host, port));
            var asked = clock.GetUtcNow();
            var status = await client.GetStatusAsync(new StatusRequest(), deadline: asked.UtcDateTime + _patience, cancellationToken: cancellationToken);
            await servers.SaveAnswer(Describe(host, port, status, asked, clock.GetUtcNow()), cancellationToken);
            return true;
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            await servers.SaveProblem(host, port, Explain(host, port, failure.Status), cancellationToken);
            return false;
        }
    }

    private static KnownServer Describe(string host, int port, ServerStatus status, DateTimeOffset asked, DateTimeOffset answered)
    {
        // It read its clock somewhere between question and answer; the middle is the best guess.
        var middle = asked + ((answered - asked) / 2);
        return new(
            host,
            port,
            status.Version,
            DateTimeOffset.FromUnixTimeMilliseconds(status.StartedAtMs),
            answered,
            DateTimeOffset.FromUnixTimeMilliseconds(status.ClockMs) - middle,
            null,
            status.Components
                .Select(component => new KnownComponent(
                    component.Name,
                    (int)component.TrackerPort,
                    component.PublicUrl,
                    Word(component.State),
                    component.Ready,
                    [.. component.Problems],
                    [.. component.Figures.Select(figure => new KnownFigure(figure.Name, figure.Value))]))
                .ToList());
    }

    private static string Word(ComponentState state) => state switch
    {
        ComponentState.Running => "running",
        ComponentState.Stopped => "stopped",
        ComponentState.Starting => "starting",
        ComponentState.Stopping => "stopping",
        ComponentState.Failed => "failed",
        ComponentState.Unspecified or _ => "unknown",
    };

    private static string Explain(string host, int port, Status status) => status.StatusCode switch
    {
        StatusCode.Unavailable => $"Nothing answers at {host}:{port}. Is the server running, and does a firewall let its internal port through?",
        StatusCode.DeadlineExceeded => $"{host}:{port} did not answer within {_patience.TotalSeconds:0} seconds.",
        StatusCode.Unimplemented => $"What answers at {host}:{port} is no Tutti server.",
        _ => $"{host}:{port} answered {status.StatusCode}: {status.Detail}",
    };
}
