// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp.Destinations;

namespace Tutti.Dst.SourceAddresses;

/// <summary>From which address mail leaves: that of a pool of its sender's, with some of its share of the day left.</summary>
internal sealed class Departures(CurrentSources current, Shares shares, RouteSettings routes)
{
    private readonly ConcurrentDictionary<long, string> _poolOf = [];

    // Captured mail does not leave this host, so it uses up no share.
    private bool IsInHouse => routes.Mode == DeliveryMode.Capture;

    /// <summary>The pools by name.</summary>
    public IEnumerable<string> Pools => current.Now.Names;

    /// <summary>The pool of a delivery that has recipients waiting.</summary>
    public string PoolOf(long job) => _poolOf.GetValueOrDefault(job, SourcePools.Others);

    /// <summary>Sorts deliveries by the pool that their mail leaves from.</summary>
    public Dictionary<string, IReadOnlyList<PendingDelivery>> Sort(IReadOnlyList<PendingDelivery> pending)
    {
        var pools = current.Now;
        if (!pools.AreSeveral || IsInHouse)
        {
            _poolOf.Clear();
            return new(StringComparer.Ordinal) { [SourcePools.Others] = pending };
        }

        foreach (var delivery in pending)
        {
            _poolOf[delivery.Job] = delivery.Capture ? SourcePools.Others : pools.PoolOf(delivery.EnvelopeSender, delivery.SigningDomain);
        }

        foreach (var job in _poolOf.Keys.Except(pending.Select(delivery => delivery.Job)))
        {
            _poolOf.TryRemove(job, out _);
        }

        return pending.GroupBy(delivery => _poolOf[delivery.Job]).ToDictionary(pool => pool.Key, IReadOnlyList<PendingDelivery> (pool) => [.. pool], StringComparer.Ordinal);
    }

    /// <summary>The addresses of a pool that may carry something to an operator yet.</summary>
    public async ValueTask<SourceChoice> Choose(string pool, string lane)
    {
        var all = IsInHouse || lane == MailRoutes.CaptureOnly ? [] : current.Now.In(pool);
        if (!all.Any(shares.Limits))
        {
            return new SourceChoice(all);
        }

        var free = new List<Source>();
        foreach (var source in all)
        {
            if (await shares.Has(source, lane))
            {
                free.Add(source);
            }
        }

        return new SourceChoice(free, isUsedUp: free.Count == 0);
    }

    /// <summary>Whether an address has a limit today.</summary>
    public bool Limits(Source? source) => shares.Limits(source);

    /// <summary>Takes one message out of the share of an address; false if there is none left today.</summary>
    public ValueTask<bool> Take(Source? source, string lane) => shares.Take(source, lane);

    /// <summary>A message that was taken did not leave.</summary>
    public ValueTask GiveBack(Source? source, string lane) => shares.GiveBack(source, lane);

    /// <summary>What is said while mail waits for tomorrow's share, and until when.</summary>
    public (string Words, DateTimeOffset Until) UsedUp(string pool, string lane)
    {
        var name = pool.Length > 0 ? pool : current.Now.NameOfOthers;
        return ($"{(name.Length > 0 ? $"The addresses of the pool {name}" : "The source addresses")} are warming up and have carried to {lane} what they may today.", shares.Midnight);
    }

    /// <summary>Reads the file again if it has changed.</summary>
    public bool LookAgain(DateTimeOffset now) => current.LookAgain(now);
}
