// SPDX-License-Identifier: Apache-2.0
using Grpc.Net.Client;
using Tutti.Lui.Delivery;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Transport;

namespace Tutti.Lui.Components;

/// <summary>Knows where HUB is and how LUI introduces itself there.</summary>
internal sealed class HubCaller(Peers peers, ServerConfiguration server, DeliverySettings settings)
{
    private readonly ServerSettings _own = server.Of("lui");

    /// <summary>The channel to HUB: the one that <c>conf/server.ini</c> names, or the one on this server, which may be a process of its own.</summary>
    public GrpcChannel Channel()
    {
        var hub = server.Hub ?? throw new InvalidOperationException("A server with LUI knows where HUB is; that is checked before it starts.");
        return peers.Dial(hub.Host, hub.Port);
    }

    /// <summary>How LUI stands in HUB's registry.</summary>
    public Contracts.Hub.V1.Component Self() => new()
    {
        Name = "lui",
        Host = _own.HostName,
        InternalPort = (uint)_own.InternalPort,
        PublicUrl = settings.PublicUrl?.ToString().TrimEnd('/') ?? "",
        Version = typeof(HubCaller).Assembly.GetName().Version?.ToString(3) ?? "",
    };
}
