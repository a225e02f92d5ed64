// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Tutti.Wiring.Corridor.Connections;

/// <summary>
/// The corridor in figures: per peer and port connections, handshakes, bytes and the last success, and refusals by code. Peers
/// are names of the installation's list, so that there are never more than servers; nothing of a certificate is in them.
/// </summary>
internal sealed class CorridorMeter : IDisposable
{
    private readonly ConcurrentDictionary<(string Role, string Peer, int Port), PeerFigures> _peers = new();
    private readonly Meter _meter = new("Tutti.Corridor");
    private readonly TimeProvider _clock;

    public CorridorMeter(OpenConnections connections, RefusalLog refusals, TimeProvider clock)
    {
        _clock = clock;
        connections.Opened += Count;
        _meter.CreateObservableUpDownCounter("tutti.corridor.connections", () => Open(connections), "{connection}", "Secured connections that are open; role caller: the peer dialled, called: this server dialled it.");
        _meter.CreateObservableCounter("tutti.corridor.handshakes", () => Each(peer => peer.Handshakes), "{handshake}", "Handshakes that ended well.");
        _meter.CreateObservableCounter("tutti.corridor.received", () => Each(peer => peer.Received, "called"), "By", "Bytes inside TLS that came, on connections that this server opened.");
        _meter.CreateObservableCounter("tutti.corridor.sent", () => Each(peer => peer.Sent, "called"), "By", "Bytes inside TLS that were sent, on connections that this server opened.");
        _meter.CreateObservableGauge("tutti.corridor.last", () => Each(peer => peer.LastSuccess), "s", "When a handshake ended well for the last time, Unix time.");
        _meter.CreateObservableCounter("tutti.corridor.refusals", () => refusals.Counts.Select(refusal => new Measurement<long>(refusal.Value, new KeyValuePair<string, object?>("code", refusal.Key))), "{refusal}", "Refused connections and calls.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Open(OpenConnections connections) =>
        connections.All.GroupBy(connection => (connection.Figures?.Role, connection.Figures?.Peer, connection.Port)).Where(same => same.Key.Role is not null)
            .Select(same => new Measurement<long>(same.Count(), Tags(same.Key.Role!, same.Key.Peer!, same.Key.Port)));

    private static KeyValuePair<string, object?>[] Tags(string role, string peer, int port) => [new("role", role), new("peer", peer), new("port", port)];

    private void Count(OpenConnection connection, string peer)
    {
        var role = connection.Role == PeerRole.Caller ? "caller" : "called";
        connection.Figures = _peers.GetOrAdd((role, peer, connection.Port), key => new PeerFigures(key.Role, key.Peer, key.Port));
        connection.Figures.Opened(_clock.GetUtcNow());
    }

    private IEnumerable<Measurement<long>> Each(Func<PeerFigures, long> figure, string? role = null) =>
        _peers.Values.Where(peer => role is null || peer.Role == role).Select(peer => new Measurement<long>(figure(peer), Tags(peer.Role, peer.Peer, peer.Port)));
}
