// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Tutti.Wiring.Corridor.Calling;
using Tutti.Wiring.Corridor.Connections;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Corridor.Listening;

/// <summary>
/// Secures one port of the corridor: a look at the first bytes, the handshake with our verdict about the caller in it, and
/// only then HTTP/2. Whoever is refused has reached nothing, and the log says who and why.
/// </summary>
internal sealed class SecuredListener(Func<CorridorIdentity> identity, OpenConnections connections, RefusalLog refusals, TimeProvider clock)
{
    private const int Tls12 = 0x0303;
    private readonly UnfinishedHandshakes _unfinished = new();

    /// <summary>Adds it to a port.</summary>
    public void Secure(ListenOptions listen, int port)
    {
        listen.Use(next => connection => Watch(connection, port, next));
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = CorridorTls.HandshakeLimit,
            OnConnection = handshake => ValueTask.FromResult(OptionsFor(handshake, port)),
        });
        listen.Use(next => connection => Serve(connection, port, next));
    }

    /// <summary>What the handshake came to, carried along with the connection.</summary>
    private sealed class Handshake
    {
        public bool IsDone { get; set; }

        public PeerCertificate? Peer { get; set; }

        public PeerVerdict? Verdict { get; set; }
    }

    private async Task Watch(ConnectionContext connection, int port, ConnectionDelegate next)
    {
        if (!_unfinished.TryEnter(connection.RemoteEndPoint))
        {
            // Whoever fills the port with connections that go nowhere gets no more of them, and no line in the log for each.
            refusals.Connection(PeerRefusals.Crowded, port, connection.RemoteEndPoint, []);
            connection.Abort();
            return;
        }

        using var turn = new UnfinishedHandshakes.Turn(_unfinished, connection.RemoteEndPoint);
        connection.Features.Set(turn);
        await Admit(connection, port, next);
    }

    private async Task Admit(ConnectionContext connection, int port, ConnectionDelegate next)
    {
        var started = clock.GetTimestamp();
        FirstSeen first;
        using (var limit = new CancellationTokenSource(CorridorTls.HandshakeLimit, clock))
        {
            try
            {
                first = await FirstLook.At(connection, limit.Token);
            }
            catch (OperationCanceledException)
            {
                refusals.Connection(PeerRefusals.Timeout, port, connection.RemoteEndPoint, []);
                connection.Abort();
                return;
            }
            catch (Exception e) when (e is IOException or ConnectionAbortedException)
            {
                return;
            }
        }

        if (first.Kind == FirstKind.Nothing)
        {
            // Somebody looked whether the port is open.
            return;
        }

        if (first.Kind != FirstKind.Tls)
        {
            refusals.Connection(OfPlain(first.Kind), port, connection.RemoteEndPoint, []);
            connection.Abort();
            return;
        }

        var handshake = new Handshake();
        connection.Features.Set(handshake);
        try
        {
            await next(connection);
        }
        catch (IOException) when (handshake.IsDone)
        {
            // Cut off, or a byte was changed on the way: the caller repeats what was not confirmed.
        }

        if (!handshake.IsDone)
        {
            var refusal = handshake.Verdict?.Refusal ?? Explain(first.Hello, clock.GetElapsedTime(started), connection);
            refusals.Connection(refusal, port, connection.RemoteEndPoint, handshake.Verdict?.Names ?? []);
        }
    }

    private SslServerAuthenticationOptions OptionsFor(TlsHandshakeCallbackContext context, int port)
    {
        // One set for the whole handshake, whatever is reloaded meanwhile.
        var now = identity();
        var handshake = context.Connection.Features.Get<Handshake>() ?? throw new InvalidOperationException($"The look at the first bytes is missing before the handshake on port {port}.");
        return CorridorTls.ForListener(now.ContextFor(context.ClientHelloInfo.ServerName), now.ChainPolicy(), (_, certificate, chain, _) =>
        {
            handshake.Peer = SecuredCalls.Shown(certificate, chain);
            handshake.Verdict = handshake.Peer is { } peer
                ? now.Judge(peer, PeerRole.Caller, null, clock.GetUtcNow())
                : new PeerVerdict(PeerRefusals.NoCertificate, [], null);
            return handshake.Verdict.Refusal is null;
        });
    }

    private async Task Serve(ConnectionContext connection, int port, ConnectionDelegate next)
    {
        // No verdict, no service: whatever a later framework may do without asking us, nobody comes in by it.
        if (connection.Features.Get<Handshake>() is not { Peer: { } peer, Verdict: { Refusal: null } verdict } handshake)
        {
            connection.Abort();
            return;
        }

        handshake.IsDone = true;
        connection.Features.Get<UnfinishedHandshakes.Turn>()?.Dispose();
        connection.Features.Set(new CorridorPeer(verdict.Names));
        var lifetime = connection.Features.Get<IConnectionLifetimeNotificationFeature>();
        var open = new OpenConnection(peer, PeerRole.Caller, null, port, connection.RemoteEndPoint, () => lifetime?.RequestClose(), connection.Abort);
        connections.Add(open, verdict.Names is [var name, ..] ? name : "-");
        try
        {
            await next(connection);
        }
        finally
        {
            connections.Remove(open);
        }
    }

    private static Refusal Explain(ClientHello? hello, TimeSpan took, ConnectionContext connection) => hello switch
    {
        { HighestVersion: < Tls12 } => PeerRefusals.Protocol,
        not null when !CorridorTls.Serves(hello.Suites) => PeerRefusals.Cipher,
        _ when took >= CorridorTls.HandshakeLimit => PeerRefusals.Timeout,
        _ => PeerRefusals.PeerRefused(connection.RemoteEndPoint?.ToString() ?? "the peer"),
    };

    private static Refusal OfPlain(FirstKind kind) => kind switch
    {
        FirstKind.OldTls => PeerRefusals.Protocol,
        FirstKind.PlainHttp2 => PeerRefusals.Plain("HTTP/2"),
        FirstKind.PlainHttp1 => PeerRefusals.Plain("HTTP"),
        FirstKind.Other or FirstKind.Nothing or FirstKind.Tls => PeerRefusals.Plain("something"),
    };
}

/// <summary>Who is on a connection: its names that are in the list. A feature of the connection, so that every call on it knows.</summary>
internal sealed record CorridorPeer(IReadOnlyList<string> Names);
