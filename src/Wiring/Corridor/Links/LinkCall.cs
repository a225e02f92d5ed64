// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor.Calling;
using Tutti.Wiring.Transport;

namespace Tutti.Wiring.Corridor.Links;

/// <summary>Tries one connection, on a connection of its own and to the end of a call.</summary>
internal sealed class LinkCall(ServerConfiguration server, SecuredCalls? secured, TimeProvider clock)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>One row.</summary>
    public async Task<LinkRow> Try(string from, DialledPeer peer, CancellationToken cancellationToken)
    {
        var row = new LinkRow { FromHost = server.Common.HostName, FromComponent = from, ToHost = peer.Host, ToPort = (uint)peer.Port, To = peer.To };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = new CancellationTokenSource(_patience, clock);
        await using var link = timer.Token.Register(limit.Cancel);
        CallerStream? opened = null;
        try
        {
            using var client = new HttpClient(new SocketsHttpHandler
            {
                ConnectCallback = async (connection, token) =>
                {
                    var stream = await Connect(connection.DnsEndPoint, row, token);
                    opened = stream as CallerStream;
                    return stream;
                },
            })
            {
                DefaultRequestVersion = HttpVersion.Version20,
                DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            var asked = clock.GetUtcNow();
            using var answer = await client.GetAsync(new UriBuilder(secured is null ? "http" : "https", peer.Host, peer.Port, "/health").Uri, limit.Token);
            row.Good = true;
            if (answer.Headers.Date is { } date && (date - asked).Duration() > TimeSpan.FromSeconds(2))
            {
                row.ClockOffsetMs = (long)(date - asked).TotalMilliseconds;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or AuthenticationException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            (row.Code, row.Problem) = await Explain(opened?.Refused ?? e, peer, cancellationToken);
        }

        return row;
    }

    private async ValueTask<Stream> Connect(DnsEndPoint peer, LinkRow row, CancellationToken cancellationToken)
    {
        if (secured is not null)
        {
            var stream = await secured.Open(peer, cancellationToken);
            Fill(row, stream);
            return stream;
        }

        row.TlsVersion = "plain";
        var isOwn = string.Equals(peer.Host, server.Common.HostName, StringComparison.OrdinalIgnoreCase);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            EndPoint address = isOwn ? new IPEndPoint(IPAddress.Parse(server.OwnInternalHost), peer.Port) : peer;
            await socket.ConnectAsync(address, cancellationToken);
            row.Address = AddressOf(socket.RemoteEndPoint);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Fill(LinkRow row, CallerStream stream)
    {
        row.TlsVersion = stream.SslProtocol == SslProtocols.Tls13 ? "TLS 1.3" : "TLS 1.2";
        row.Suite = stream.NegotiatedCipherSuite.ToString();
        if (stream.Judged is var (peer, verdict, address))
        {
            row.Address = AddressOf(address);
            row.Names.AddRange(verdict.Names);
            row.Issuer = peer.Certificate.Issuer;
            row.NotAfterMs = verdict.Path?.NotAfter.ToUnixTimeMilliseconds() ?? 0;
        }
    }

    private static string AddressOf(EndPoint? address) => address is IPEndPoint ip
        ? (ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address).ToString()
        : "";

    private async Task<(string Code, string Problem)> Explain(Exception failure, DialledPeer peer, CancellationToken cancellationToken)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case CallRefusedException refused:
                    return (refused.Refusal.Code, refused.Names.Count == 0 ? refused.Refusal.Message : $"It shows {string.Join(", ", refused.Names)}: {refused.Refusal.Message}");
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return ("link.name-unknown", $"The name {peer.Host} is not known on this host. Write it into the DNS or into the hosts file.");
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return ("link.closed", $"Nobody listens on port {peer.Port} there. Is the server running, and does it listen on this address (Bind in conf/server.ini)?");
                case OperationCanceledException or TimeoutException:
                    return ("link.timeout", $"No answer within {_patience.TotalSeconds:0} seconds. Is the host up, and does a firewall let port {peer.Port} through?");
            }
        }

        if (secured is null && await CorridorProbe.Ask(peer.Host, peer.Port, cancellationToken) is { State: ProbedState.Secured, Names: var names })
        {
            return ("tls.expected-plain", $"That server is secured ({string.Join(", ", names)}), this one is plain. All servers are secured with commands/ssl.ini, or none.");
        }

        return ("link.failed", failure.Message);
    }
}
