// SPDX-License-Identifier: Apache-2.0
using Grpc.Net.Client;
using Tutti.Lui.Delivery;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Transport;

namespace Tutti.Lui.Components;

/// <summary>Knows where HUB is and how LUI introduces itself there.</summary>
internal sealed class HubCaller(Peers peers, ServerConfiguration server, DeliverySettings settings)
{
    /// <summary>The channel to HUB: the one on this server, or the one that <c>conf/server.ini</c> names.</summary>
    public GrpcChannel Channel()
    {
        var hub = server.Hub ?? throw new InvalidOperationException("conf/server.ini does not say where HUB is.");
        return peers.Dial(hub.Host, hub.Port);
    }

    /// <summary>The address under which people and recipients reach LUI, without a slash at the end.</summary>
    public string PublicUrl => (settings.PublicUrl ?? new UriBuilder(server.Of("lui").PublicScheme, server.Common.HostName, server.Of("lui").WebPort).Uri).ToString().TrimEnd('/');

    /// <summary>How LUI stands in HUB's registry.</summary>
    public Contracts.Hub.V1.Component Self() => new()
    {
        Name = "lui",
        Host = server.Common.HostName,
        InternalPort = (uint)server.Of("lui").InternalPort,
        PublicUrl = PublicUrl,
        Version = typeof(HubCaller).Assembly.GetName().Version?.ToString(3) ?? "",
    };
}
