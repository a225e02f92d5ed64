// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Tutti.Wiring.Corridor.Connections;

/// <summary>
/// A secured connection that is open. The framework never judges it again, however many calls it serves, so what it was
/// let in for is kept here.
/// </summary>
internal sealed class OpenConnection(PeerCertificate peer, PeerRole role, string? dialled, int port, EndPoint? address, Action drain, Action abort)
{
    /// <summary>What the peer showed.</summary>
    public PeerCertificate Peer { get; } = peer;

    /// <summary>Whether it called or was called.</summary>
    public PeerRole Role { get; } = role;

    /// <summary>The name that was dialled; null where the peer called.</summary>
    public string? Dialled { get; } = dialled;

    /// <summary>Our port, or the port that was dialled.</summary>
    public int Port { get; } = port;

    /// <summary>Where the peer is.</summary>
    public EndPoint? Address { get; } = address;

    /// <summary>Where it is counted; null before it is open.</summary>
    public PeerFigures? Figures { get; set; }

    /// <summary>When it was asked to end after its running calls; null if it was not.</summary>
    public DateTimeOffset? DrainedAt { get; private set; }

    /// <summary>New calls go to a new connection; running ones go on.</summary>
    public void Drain(DateTimeOffset now)
    {
        if (DrainedAt is null)
        {
            DrainedAt = now;
            drain();
        }
    }

    /// <summary>Ends it at once.</summary>
    public void Abort() => abort();
}
