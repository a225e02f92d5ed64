// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Transport;

namespace Tutti.Hub.Components;

/// <summary>Whom HUB dials: every server of the installation.</summary>
internal sealed class DialledByHub(ServerStore servers) : IDialsPeers
{
    public async ValueTask<IReadOnlyList<DialledPeer>> Dialled(CancellationToken cancellationToken) =>
        [.. (await servers.All(cancellationToken)).Select(server => new DialledPeer("server", server.Host, server.Port))];
}
