// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace Tutti.Dst.Lanes.Live;

/// <summary>Destinations that cannot be reached, and those whose lane pauses; when they are tried again. In memory: after a restart they are simply tried.</summary>
internal sealed class LaneTroubles
{
    private static readonly TimeSpan _forgotten = TimeSpan.FromHours(12);
    private readonly ConcurrentDictionary<string, LaneTrouble> _destinations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LaneTrouble> _behind = new(StringComparer.Ordinal);

    /// <summary>The trouble of a destination, or null.</summary>
    public LaneTrouble? Of(string destination) => _destinations.GetValueOrDefault(destination);

    /// <summary>The same, or why its lane pauses.</summary>
    public LaneTrouble? Behind(string destination, long now) =>
        Of(destination) ?? (_behind.TryGetValue(destination, out var pause) && pause.Until > now ? pause : null);

    /// <summary>How many destinations cannot be reached.</summary>
    public int Count => _destinations.Count;

    /// <summary>A destination's hosts could not be reached.</summary>
    public void Set(string destination, string reply, int failures, long until) => _destinations[destination] = new LaneTrouble(reply, failures, until);

    /// <summary>A host answers.</summary>
    public void Clear(string destination)
    {
        if (!_destinations.IsEmpty)
        {
            _destinations.TryRemove(destination, out _);
        }
    }

    /// <summary>The lane of a destination pauses.</summary>
    public void SetBehind(string destination, LaneTrouble pause) => _behind[destination] = pause;

    /// <summary>Forgets all pauses: what pauses still is found again.</summary>
    public void ForgetPauses() => _behind.Clear();

    /// <summary>Forgets pauses that are over, and destinations that nobody has tried for so long that nobody waits there.</summary>
    public void Forget(long now)
    {
        foreach (var (destination, pause) in _behind)
        {
            if (pause.Until <= now)
            {
                _behind.TryRemove(destination, out _);
            }
        }

        foreach (var (destination, trouble) in _destinations)
        {
            if (trouble.Until + (long)_forgotten.TotalMilliseconds <= now)
            {
                _destinations.TryRemove(destination, out _);
            }
        }
    }
}

/// <summary>Why a destination rests.</summary>
/// <param name="Reply">What happened, in the receiver's words where it had any.</param>
/// <param name="Failures">How often in a row.</param>
/// <param name="Until">Next attempt, Unix milliseconds.</param>
internal sealed record LaneTrouble(string Reply, int Failures, long Until);
