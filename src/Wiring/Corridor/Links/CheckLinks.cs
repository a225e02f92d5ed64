// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Transport;

namespace Tutti.Wiring.Corridor.Links;

/// <summary>Tries every connection that this process dials, and its own listeners under its own name.</summary>
internal sealed class CheckLinks(ServerProcess process, ServerConfiguration server, ServerCorridor corridor, Peers peers, TimeProvider clock)
{
    private const string Hub = "hub";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>The rows of this process.</summary>
    public async Task<IReadOnlyList<LinkRow>> Handle(CancellationToken cancellationToken)
    {
        List<(string From, DialledPeer Peer)> wanted =
        [
            .. process.Ports
                .Where(port => port.Listener is Listener.Internal or Listener.Tracker)
                .Select(port => ("", new DialledPeer("listener", server.Common.HostName, port.Address.Port))),
        ];
        foreach (var component in process.Components)
        {
            wanted.AddRange((await DialledBy(component, cancellationToken)).Select(peer => (component.Name, peer)));
        }

        var call = new LinkCall(server, corridor.Calls, clock);
        return await Task.WhenAll(wanted.Distinct().Select(link => call.Try(link.From, link.Peer, cancellationToken)));
    }

    /// <summary>The rows of every server of the installation, asked by the process that carries HUB.</summary>
    public async Task<IReadOnlyList<LinkRow>> HandleAll(CancellationToken cancellationToken)
    {
        var hub = process.Components.FirstOrDefault(component => component.Name == Hub)
            ?? throw new RpcException(new Status(StatusCode.FailedPrecondition, "Only the Administration Hub knows all servers. Ask on its server, or without --all."));
        var servers = await DialledBy(hub, cancellationToken);
        var answers = await Task.WhenAll(servers.Select(peer => Ask(peer, cancellationToken)));

        // The hub's own server tries again what was tried to ask all of them.
        return [.. answers.SelectMany(rows => rows).DistinctBy(row => (row.FromHost, row.FromComponent, row.ToHost, row.ToPort))];
    }

    private static async Task<IReadOnlyList<DialledPeer>> DialledBy(RunningComponent component, CancellationToken cancellationToken)
    {
        List<DialledPeer> dialled = [];
        foreach (var dialler in component.Of<IDialsPeers>())
        {
            dialled.AddRange(await dialler.Dialled(cancellationToken));
        }

        return dialled;
    }

    private async Task<IEnumerable<LinkRow>> Ask(DialledPeer peer, CancellationToken cancellationToken)
    {
        var row = await new LinkCall(server, corridor.Calls, clock).Try(Hub, peer, cancellationToken);
        if (!row.Good)
        {
            return [row];
        }

        try
        {
            var client = new Server.ServerClient(peers.Dial(peer.Host, peer.Port));
            var answer = await client.CheckLinksAsync(new LinkCheckRequest(), deadline: clock.GetUtcNow().UtcDateTime + _patience, cancellationToken: cancellationToken);
            return [row, .. answer.Rows];
        }
        catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
        {
            (row.Good, row.Code, row.Problem) = (false, "link.failed", $"It did not check its own links: {e.Status.Detail}");
            return [row];
        }
    }
}
