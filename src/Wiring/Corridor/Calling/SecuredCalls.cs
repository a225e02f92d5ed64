// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor.Connections;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Corridor.Calling;

/// <summary>Opens the connections of this server's calls: under the name that was dialled, with our certificate, and only to who may be there.</summary>
internal sealed class SecuredCalls(Func<CorridorIdentity> identity, ServerConfiguration server, OpenConnections connections, RefusalLog refusals, TimeProvider clock)
{
    private int _generation;

    // Alerts of RFC 8446 §6: what a server answers a hello with that it cannot serve.
    private const int HandshakeFailure = 40;
    private const int ProtocolVersion = 70;

    /// <summary>Grows whenever new calls should go to new connections.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>Turns new calls to new connections; running ones go on for a while.</summary>
    public void Renew() => Interlocked.Increment(ref _generation);

    /// <summary>A connection to a peer after both handshakes' checks that this side can make.</summary>
    /// <exception cref="CallRefusedException">The peer is not who may be there.</exception>
    public async ValueTask<CallerStream> Open(DnsEndPoint peer, CancellationToken cancellationToken)
    {
        var (host, port) = (peer.Host, peer.Port);
        if (!HostNames.TryNormalize(host, out var dialled))
        {
            throw Refuse(PeerRefusals.DialledAddress(host), host, port, null, []);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(EndPointOf(dialled, port), cancellationToken);
            return await ShakeHands(socket, dialled, port, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<CallerStream> ShakeHands(Socket socket, string dialled, int port, CancellationToken cancellationToken)
    {
        var address = socket.RemoteEndPoint;
        var now = identity();
        PeerVerdict? verdict = null;
        PeerCertificate? shown = null;
        OpenConnection? open = null;
        var answer = new FirstAnswer(new NetworkStream(socket, ownsSocket: true));
        var stream = new CallerStream(
            answer,
            cause => Refuse(PeerRefusals.PeerRefused(dialled), dialled, port, address, verdict?.Names ?? [], cause),
            _ =>
            {
                if (open is not null)
                {
                    connections.Remove(open);
                }
            });
        try
        {
            await stream.AuthenticateAsClientAsync(
                CorridorTls.ForCaller(dialled, now.OwnContext, now.ChainPolicy(), (_, certificate, chain, _) =>
                {
                    shown = Shown(certificate, chain);
                    verdict = shown is null ? null : now.Judge(shown, PeerRole.Called, dialled, clock.GetUtcNow());
                    return verdict is { Refusal: null };
                }),
                cancellationToken);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await stream.DisposeAsync();
            throw Refuse(verdict?.Refusal ?? ReasonOf(answer, dialled), dialled, port, address, verdict?.Names ?? [], e);
        }
        catch (OperationCanceledException e)
        {
            await stream.DisposeAsync();
            if (answer.IsSilent)
            {
                throw Refuse(PeerRefusals.Timeout, dialled, port, address, [], e);
            }

            throw;
        }

        open = new OpenConnection(shown!, PeerRole.Called, dialled, port, address, Renew, stream.Abort);
        connections.Add(open, dialled);
        stream.Figures = open.Figures;
        stream.Judged = (shown!, verdict!, address);
        stream.IsShakingHands = false;
        return stream;
    }

    /// <summary>What a peer showed, copied out of the framework's hands, which disposes of it after the callback.</summary>
    internal static PeerCertificate? Shown(X509Certificate? certificate, X509Chain? chain)
    {
        if (certificate is null)
        {
            return null;
        }

        var own = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        IEnumerable<X509Certificate2> sent = chain?.ChainPolicy.ExtraStore ?? [];
        return new PeerCertificate(own, [.. sent.Where(each => !each.RawDataMemory.Span.SequenceEqual(own.RawDataMemory.Span)).Select(each => X509CertificateLoader.LoadCertificate(each.RawDataMemory.Span))]);
    }

    private static Refusal ReasonOf(FirstAnswer answer, string host) => answer switch
    {
        { IsPlain: true } => PeerRefusals.ServerIsPlain,
        { Alert: ProtocolVersion } => PeerRefusals.Protocol,
        { Alert: HandshakeFailure } => PeerRefusals.Cipher,
        _ => PeerRefusals.PeerRefused(host),
    };

    /// <summary>Components of the same server dial each other under its name, but at the address they listen on, wherever the name leads.</summary>
    private EndPoint EndPointOf(string dialled, int port) => HostNames.TryNormalize(server.Common.HostName, out var own) && own == dialled
        ? new IPEndPoint(IPAddress.Parse(server.OwnInternalHost), port)
        : new DnsEndPoint(dialled, port);

    private CallRefusedException Refuse(Refusal refusal, string host, int port, EndPoint? address, IReadOnlyList<string> names, Exception? cause = null)
    {
        refusals.Call(refusal, host, port, address, names);
        return new CallRefusedException(refusal, names, cause);
    }
}
