// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Grpc.Net.Client;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Transport;

/// <summary>
/// Channels to the other components, one per address, opened when first used and kept. A peer that is away shows as an
/// <see cref="Grpc.Core.RpcException"/> with status Unavailable; the channel comes back by itself.
/// </summary>
public sealed class Peers(ServerConfiguration server) : IDisposable
{
    private readonly ConcurrentDictionary<(string Host, int Port), GrpcChannel> _channels = new();

    /// <summary>The channel to a peer's internal or tracker port.</summary>
    public GrpcChannel Dial(string host, int port)
    {
        // This server's own name may not resolve on this server, and its ports may listen on loopback only.
        var isOwn = string.Equals(host, server.Common.HostName, StringComparison.OrdinalIgnoreCase);
        return _channels.GetOrAdd((isOwn ? server.OwnInternalHost : host, port), static peer => Make(peer.Host, peer.Port));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var channel in _channels.Values)
        {
            channel.Dispose();
        }
    }

    private static GrpcChannel Make(string host, int port) => GrpcChannel.ForAddress(
        new UriBuilder("http", host, port).Uri,
        new GrpcChannelOptions
        {
            DisposeHttpClient = true,
            MaxReceiveMessageSize = 8 * 1024 * 1024,
            HttpHandler = new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,

                // A peer whose host vanished without a word is noticed within half a minute.
                KeepAlivePingDelay = TimeSpan.FromSeconds(15),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            },
        });
}
