// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Grpc.Net.Client;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor.Calling;
using Tutti.Wiring.Corridor.Connections;

namespace Tutti.Wiring.Transport;

/// <summary>
/// Channels to the other components, one per address, opened when first used and kept. A peer that is away shows as an
/// <see cref="Grpc.Core.RpcException"/> with status Unavailable; the channel comes back by itself. Whether calls are secured
/// is decided here; where a call was given up because of who answered, <see cref="CallRefusedException.Behind"/> tells why.
/// </summary>
public sealed class Peers : IDisposable
{
    private readonly ServerConfiguration _server;
    private const int Plain = -1;
    private readonly Func<SecuredCalls?> _secured;
    private readonly SecuredCalls? _prepared;
    private readonly ConcurrentDictionary<(string Host, int Port), GrpcChannel> _preparedChannels = new();
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<(string Host, int Port), GrpcChannel> _channels = new();
    private readonly Lock _gate = new();
    private readonly List<(GrpcChannel Channel, long Since)> _retired = [];
    private int _generation;

    /// <summary>Channels of a server without <c>commands/ssl.ini</c>.</summary>
    public Peers(ServerConfiguration server)
        : this(server, null, TimeProvider.System)
    {
    }

    internal Peers(ServerConfiguration server, SecuredCalls? secured, TimeProvider clock)
        : this(server, () => secured, clock, null)
    {
    }

    /// <param name="server">This server.</param>
    /// <param name="secured">How calls are secured at this moment; null while they are plain. A switch changes it.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="prepared">How those that are prepared are reached while this server is plain.</param>
    internal Peers(ServerConfiguration server, Func<SecuredCalls?> secured, TimeProvider clock, SecuredCalls? prepared)
    {
        (_server, _secured, _prepared, _clock) = (server, secured, prepared, clock);
        _generation = secured()?.Generation ?? Plain;
    }

    /// <summary>Whether calls of this server are secured.</summary>
    public bool AreSecured => _secured() is not null;

    /// <summary>The channel to a peer's internal or tracker port.</summary>
    public GrpcChannel Dial(string host, int port)
    {
        var secured = _secured();
        RetireOldChannels(secured?.Generation ?? Plain);
        if (secured is null)
        {
            // This server's own name may not resolve on this server, and its ports may listen on loopback only.
            var isOwn = string.Equals(host, _server.Common.HostName, StringComparison.OrdinalIgnoreCase);
            return _channels.GetOrAdd((isOwn ? _server.OwnInternalHost : host, port), static peer => Make("http", peer.Host, peer.Port, MakeHandler()));
        }

        return _channels.GetOrAdd((HostNames.TryNormalize(host, out var name) ? name : host, port), peer => MakeSecured(peer.Host, peer.Port, secured));
    }

    /// <summary>A secured channel also where this server is plain still, to one that is prepared for the switch as this one is.</summary>
    public GrpcChannel DialSecured(string host, int port) => _secured() is not null || _prepared is null
        ? Dial(host, port)
        : _preparedChannels.GetOrAdd((HostNames.TryNormalize(host, out var name) ? name : host, port), peer => MakeSecured(peer.Host, peer.Port, _prepared));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var channel in _channels.Values.Concat(_preparedChannels.Values))
        {
            channel.Dispose();
        }

        lock (_gate)
        {
            _retired.ForEach(retired => retired.Channel.Dispose());
            _retired.Clear();
        }
    }

    private static GrpcChannel MakeSecured(string host, int port, SecuredCalls secured)
    {
        var handler = MakeHandler();

        // Options of the handler are frozen at its first use; a connection made here has those of its moment.
        handler.ConnectCallback = async (connection, cancellationToken) => await secured.Open(connection.DnsEndPoint, cancellationToken);
        return Make("https", host, port, handler);
    }

    private static GrpcChannel Make(string scheme, string host, int port, SocketsHttpHandler handler) => GrpcChannel.ForAddress(
        new UriBuilder(scheme, host, port).Uri,
        new GrpcChannelOptions
        {
            DisposeHttpClient = true,
            MaxReceiveMessageSize = 8 * 1024 * 1024,
            HttpHandler = handler,

            // A peer that is back answers the next call; who calls often is a worker that pauses by itself.
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
            MaxReconnectBackoff = TimeSpan.FromMilliseconds(300),
        });

    private static SocketsHttpHandler MakeHandler() => new()
    {
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,

        // A peer whose host vanished without a word is noticed within half a minute.
        KeepAlivePingDelay = TimeSpan.FromSeconds(15),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
    };

    /// <summary>After a new certificate of our own, or a switch, new calls go over new connections; what runs on the old ones may end.</summary>
    private void RetireOldChannels(int generation)
    {
        if (generation == Volatile.Read(ref _generation) && _retired.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            if (generation != _generation)
            {
                _generation = generation;
                foreach (var peer in _channels.Keys)
                {
                    if (_channels.TryRemove(peer, out var old))
                    {
                        _retired.Add((old, _clock.GetTimestamp()));
                    }
                }
            }

            foreach (var retired in _retired.Where(retired => _clock.GetElapsedTime(retired.Since) >= OpenConnections.DrainTime).ToList())
            {
                _retired.Remove(retired);
                retired.Channel.Dispose();
            }
        }
    }
}
