// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Lanes;

/// <summary>The recipients of one domain (or of the one host that takes everything), as a part of the lane of whoever receives for it.</summary>
/// <param name="name">The domain.</param>
/// <param name="pool">The pool of addresses that its mail leaves from.</param>
/// <param name="hosts">Names of its hosts, the first one first; empty where the way is not known before the connection.</param>
/// <param name="queue">Who waits.</param>
internal sealed class Destination(string name, string pool, IReadOnlyList<string> hosts, LaneQueue queue) : IDisposable
{
    private readonly string _allHosts = string.Join(' ', hosts.Order(StringComparer.OrdinalIgnoreCase));
    private long _restUntil;

    /// <summary>The domain.</summary>
    public string Name { get; } = name;

    /// <summary>The domain and the pool: what its troubles go by.</summary>
    public string Key { get; } = LaneName.Of(name, pool);

    /// <summary>The pool of addresses that its mail leaves from.</summary>
    public string Pool { get; } = pool;

    /// <summary>Who waits.</summary>
    public LaneQueue Queue { get; } = queue;

    /// <summary>Whether it stands in the lane's line; changed by the lane only.</summary>
    public bool IsInLine { get; set; }

    /// <summary>Connections that work on it; changed by the lane only.</summary>
    public int Users { get; set; }

    /// <summary>How often it was passed over for others on the same host; changed by the lane only.</summary>
    public int PassedOver { get; set; }

    /// <summary>It cannot be reached until then, Unix milliseconds.</summary>
    public long RestUntil
    {
        get => Volatile.Read(ref _restUntil);
        set => Volatile.Write(ref _restUntil, value);
    }

    /// <summary>Whether its mail may go over a connection that was opened to a host for another destination: it would have come to that host itself.</summary>
    public bool Shares(string host, Destination other) =>
        hosts.Count > 0 && (string.Equals(_allHosts, other._allHosts, StringComparison.OrdinalIgnoreCase) || string.Equals(hosts[0], host, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether somebody may be due.</summary>
    public bool IsDue(long now) => RestUntil <= now && (Queue.Ready > 0 || Queue.EmptyUntil <= now);

    /// <inheritdoc/>
    public void Dispose() => Queue.Dispose();
}
