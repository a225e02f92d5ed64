// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace Tutti.Wiring.Corridor.Connections;

/// <summary>All secured connections that are open now, in both directions: the register that ends those whose peer lost its right.</summary>
internal sealed class OpenConnections(RefusalLog refusals)
{
    /// <summary>How long running calls get after new ones are turned to another connection.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<OpenConnection, byte> _open = new();

    /// <summary>How many.</summary>
    public int Count => _open.Count;

    /// <summary>The connections as they are now.</summary>
    public IEnumerable<OpenConnection> All => _open.Keys;

    /// <summary>Hears of every connection that is open from now on, and of the peer's name.</summary>
    public event Action<OpenConnection, string>? Opened;

    /// <summary>A connection was judged good and is open from now on.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="peer">The peer's name as the list has it.</param>
    public void Add(OpenConnection connection, string peer)
    {
        Opened?.Invoke(connection, peer);
        _open[connection] = 0;
    }

    /// <summary>A connection has ended.</summary>
    public void Remove(OpenConnection connection) => _open.TryRemove(connection, out _);

    /// <summary>Judges every open connection as if it came in now, and ends those that would not be let in any more.</summary>
    public void JudgeAgain(CorridorIdentity identity, DateTimeOffset now)
    {
        foreach (var connection in All)
        {
            if (identity.Judge(connection.Peer, connection.Role, connection.Dialled, now) is { Refusal: { } refusal } verdict)
            {
                // A certificate that ran out was good when the running calls began: they may end in peace.
                if (refusal.Code == "tls.expired")
                {
                    connection.Drain(now);
                }
                else
                {
                    Report(connection, verdict);
                    connection.Abort();
                }
            }

            if (connection.DrainedAt is { } since && now - since >= DrainTime)
            {
                connection.Abort();
            }
        }
    }

    /// <summary>Asks all connections to make room for new ones, because our own certificate is another one now.</summary>
    public void DrainAll(DateTimeOffset now)
    {
        foreach (var connection in All)
        {
            connection.Drain(now);
        }
    }

    private void Report(OpenConnection connection, PeerVerdict verdict)
    {
        if (connection.Role == PeerRole.Caller)
        {
            refusals.Connection(verdict.Refusal!, connection.Port, connection.Address, verdict.Names);
        }
        else
        {
            refusals.Call(verdict.Refusal!, connection.Dialled ?? "-", connection.Port, connection.Address, verdict.Names);
        }
    }
}
