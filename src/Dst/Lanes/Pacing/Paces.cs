// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Tutti.Dst.Lanes.Policies;
using Tutti.Dst.Queue;

namespace Tutti.Dst.Lanes.Pacing;

/// <summary>The paces of all lanes that were used lately. In memory: after a restart each lane begins anew, unless it paused.</summary>
internal sealed class Paces(QueueSettings settings, TimeProvider clock)
{
    private const int MostKept = 5000;
    private readonly ConcurrentDictionary<string, Pace> _paces = new(StringComparer.Ordinal);

    /// <summary>The pace of a lane; made at its first use.</summary>
    public Pace Of(string lane, LanePolicy policy) => _paces.GetOrAdd(lane, static (_, made) => new Pace(made.policy, made.settings, made.clock), (policy, settings, clock));

    /// <summary>The pace of a lane, or null.</summary>
    public Pace? Find(string lane) => _paces.GetValueOrDefault(lane);

    /// <summary>All lanes that were used lately, with their paces.</summary>
    public IEnumerable<(string Lane, Pace Pace)> All => _paces.Select(pair => (pair.Key, pair.Value));

    /// <summary>Lanes that pause, with their paces.</summary>
    public IEnumerable<(string Lane, Pace Pace)> Paused => _paces.Where(pair => pair.Value.IsPaused).Select(pair => (pair.Key, pair.Value));

    /// <summary>Other policies count from now on.</summary>
    public void Follow(Func<string, LanePolicy> policyOf)
    {
        foreach (var (lane, pace) in _paces)
        {
            pace.Follow(policyOf(lane));
        }
    }

    /// <summary>What rests through no fault of the receiver's may go on.</summary>
    public void EndRests()
    {
        foreach (var pace in _paces.Values)
        {
            pace.EndRest();
        }
    }

    /// <summary>If there are many, forgets those that nothing runs in and that have nothing to remember.</summary>
    public void Forget(Func<string, bool> isRunning)
    {
        if (_paces.Count < MostKept)
        {
            return;
        }

        foreach (var (lane, pace) in _paces)
        {
            if (pace is { State: PaceState.Closed, Pauses: 0, Held: null } && !isRunning(lane))
            {
                _paces.TryRemove(lane, out _);
            }
        }
    }
}
