// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Tutti.Wiring.Corridor.Listening;

/// <summary>On a port that is plain: says in the log that a secured server called, which otherwise nobody would understand.</summary>
internal sealed class PlainListener(RefusalLog refusals, TimeProvider clock)
{
    /// <summary>Adds it to a port.</summary>
    public void Watch(ListenOptions listen, int port) => listen.Use(next => async connection =>
    {
        if (await IsTls(connection))
        {
            refusals.Connection(PeerRefusals.ExpectedPlain, port, connection.RemoteEndPoint, []);
        }

        await next(connection);
    });

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
