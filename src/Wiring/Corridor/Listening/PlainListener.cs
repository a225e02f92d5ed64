// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Tutti.Wiring.Joining;

namespace Tutti.Wiring.Corridor.Listening;

/// <summary>
/// A port that is plain. TLS is answered there in two cases only: by a server that waits with a code, with the join and nothing
/// else, and by one that is prepared for the switch, to the servers of its list. Otherwise the log says that a secured server
/// called, which nobody would understand.
/// </summary>
/// <param name="prepared">Secures a connection; used only while <paramref name="isPrepared"/> is true.</param>
/// <param name="isPrepared">Whether there is an identity that counts from the switch on.</param>
/// <param name="join">Answers who comes with a code; null where there is no home.</param>
/// <param name="refusals">Where it is said.</param>
/// <param name="clock">The clock of the time limits.</param>
internal sealed class PlainListener(SecuredListener prepared, Func<bool> isPrepared, AnswerJoin join, RefusalLog refusals, TimeProvider clock)
{
    /// <summary>Adds it to a port.</summary>
    public void Watch(ListenOptions listen, int port)
    {
        ConnectionDelegate? plain = null;
        listen.Use(secured => async connection =>
        {
            if (!await IsTls(connection))
            {
                await plain!(connection);
            }
            else if (isPrepared())
            {
                await secured(connection);
            }
            else if (join.IsWaiting)
            {
                await using var stream = new TransportStream(connection.Transport);
                await join.Handle(stream, connection.RemoteEndPoint?.ToString() ?? "-", connection.ConnectionClosed);
            }
            else
            {
                refusals.Connection(PeerRefusals.ExpectedPlain, port, connection.RemoteEndPoint, []);
                await plain!(connection);
            }
        });
        prepared.Secure(listen, port);

        // The innermost: what a plain connection goes to directly.
        listen.Use(next =>
        {
            plain = next;
            return next;
        });
    }

    private async Task<bool> IsTls(ConnectionContext connection)
    {
        using var limit = new CancellationTokenSource(CorridorTls.HandshakeLimit, clock);
        try
        {
            return (await FirstLook.At(connection, limit.Token)).Kind == FirstKind.Tls;
        }
        catch (OperationCanceledException)
        {
            // Slow, but here nobody has to hurry.
            return false;
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException)
        {
            return false;
        }
    }
}
