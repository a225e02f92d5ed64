// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Transport;

namespace Tutti.Lui.Components;

/// <summary>Whom LUI dials: HUB, every tracker, every distributor.</summary>
internal sealed class DialledByLui(ServerConfiguration server, ComponentStore components) : IDialsPeers
{
    public async ValueTask<IReadOnlyList<DialledPeer>> Dialled(CancellationToken cancellationToken)
    {
        var trackers = await components.List("trk", cancellationToken);
        var distributors = await components.List("dst", cancellationToken);
        return
        [
            .. server.Hub is { } hub ? [new DialledPeer("hub", hub.Host, hub.Port)] : Array.Empty<DialledPeer>(),
            .. trackers.Select(tracker => new DialledPeer("trk", tracker.Host, tracker.TrackerPort)),
            .. distributors.Select(distributor => new DialledPeer("dst", distributor.Host, distributor.InternalPort)),
        ];
    }
}
