// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace Tutti.Dst.Queue;

/// <summary>Tells the lanes that there is something new for them, without a word on what: they look into the queue.</summary>
internal sealed class QueueSignal : IDisposable
{
    private readonly SemaphoreSlim _bell = new(0, 1);
    private readonly ConcurrentDictionary<string, bool> _lanes = new(StringComparer.Ordinal);

    private bool _all;

    /// <summary>Recipients came into some lanes.</summary>
    public void Arrived(IEnumerable<string> lanes)
    {
        foreach (var lane in lanes)
        {
            _lanes[lane] = true;
        }

        RingOnly();
    }

    /// <summary>Something changed that concerns all lanes.</summary>
    public void Ring()
    {
        _all = true;
        RingOnly();
    }

    /// <summary>Wakes whoever waits, though nothing came in.</summary>
    public void RingOnly()
    {
        try
        {
            _bell.Release();
        }
        catch (SemaphoreFullException)
        {
            // It rings already.
        }
    }

    /// <summary>Waits for the bell, at most so long.</summary>
    public Task<bool> Wait(TimeSpan atMost, CancellationToken cancellationToken) => _bell.WaitAsync(atMost, cancellationToken);

    /// <summary>Takes the lanes that recipients came into since the last call; null means all of them.</summary>
    public IReadOnlyList<string>? TakeLanes()
    {
        if (Interlocked.Exchange(ref _all, false))
        {
            _lanes.Clear();
            return null;
        }

        var taken = new List<string>();
        foreach (var lane in _lanes.Keys)
        {
            if (_lanes.TryRemove(lane, out _))
            {
                taken.Add(lane);
            }
        }

        return taken;
    }

    /// <inheritdoc/>
    public void Dispose() => _bell.Dispose();
}
