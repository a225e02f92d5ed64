// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Wiring.Corridor.Connections;

/// <summary>What was counted of one peer on one port since the start.</summary>
/// <param name="Role">caller: it dialled this server; called: this server dialled it.</param>
/// <param name="Peer">Its name in the list of the installation.</param>
/// <param name="Port">Our port, or the port that was dialled.</param>
internal sealed record PeerFigures(string Role, string Peer, int Port)
{
    private long _handshakes;
    private long _received;
    private long _sent;
    private long _lastSuccess;

    /// <summary>Handshakes that ended well.</summary>
    public long Handshakes => Volatile.Read(ref _handshakes);

    /// <summary>Bytes inside TLS that came, on connections that this server opened.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Bytes inside TLS that were sent, on connections that this server opened.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>When a handshake ended well for the last time, Unix time in seconds.</summary>
    public long LastSuccess => Volatile.Read(ref _lastSuccess);

    /// <summary>A handshake ended well.</summary>
    public void Opened(DateTimeOffset now)
    {
        Interlocked.Increment(ref _handshakes);
        Volatile.Write(ref _lastSuccess, now.ToUnixTimeSeconds());
    }

    /// <summary>Bytes came.</summary>
    public void Read(int bytes) => Interlocked.Add(ref _received, bytes);

    /// <summary>Bytes were sent.</summary>
    public void Wrote(int bytes) => Interlocked.Add(ref _sent, bytes);
}
