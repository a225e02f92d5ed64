// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Grpc.Net.Client;
using Tutti.Lui.Delivery;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Transport;

namespace Tutti.Lui.Components;

/// <summary>Knows where HUB is and how LUI introduces itself there.</summary>
internal sealed class HubCaller(Peers peers, ServerSettings server, DeliverySettings settings)
{
    private const int DefaultPort = 1099;

    /// <summary>The channel to HUB: the one that <c>conf/server.ini</c> names, or the one on this server.</summary>
    public GrpcChannel Channel()
    {
        if (server.Hub.Length == 0)
        {
            return peers.Dial(server.HostName, server.InternalPort);
        }

        var colon = server.Hub.LastIndexOf(':');
        return colon > 0 && int.TryParse(server.Hub.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? peers.Dial(server.Hub[..colon], port)
            : peers.Dial(server.Hub, DefaultPort);
    }

    /// <summary>How LUI stands in HUB's registry.</summary>
    public Contracts.Hub.V1.Component Self() => new()
    {
        Name = "lui",
        Host = server.HostName,
        InternalPort = (uint)server.InternalPort,
        PublicUrl = settings.PublicUrl?.ToString().TrimEnd('/') ?? "",
        Version = typeof(HubCaller).Assembly.GetName().Version?.ToString(3) ?? "",
    };
}
