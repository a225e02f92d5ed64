// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace Tutti.Dst.Lanes;

/// <summary>Lanes whose hosts could not be reached at the last attempt, and when they are tried again. In memory: after a restart they are simply tried.</summary>
internal sealed class LaneTroubles
{
    private readonly ConcurrentDictionary<string, LaneTrouble> _lanes = new(StringComparer.Ordinal);

    /// <summary>The trouble of a lane, or null.</summary>
    public LaneTrouble? Of(string lane) => _lanes.GetValueOrDefault(lane);

    /// <summary>How many lanes are in trouble.</summary>
    public int Count => _lanes.Count;

    /// <summary>A lane could not reach any host.</summary>
    public void Set(string lane, string reply, int failures, long until) => _lanes[lane] = new LaneTrouble(reply, failures, until);

    /// <summary>A host answers.</summary>
    public void Clear(string lane) => _lanes.TryRemove(lane, out _);
}

/// <summary>Why a lane rests.</summary>
/// <param name="Reply">What happened, in the receiver's words where it had any.</param>
/// <param name="Failures">How often in a row.</param>
/// <param name="Until">Next attempt, Unix milliseconds.</param>
internal sealed record LaneTrouble(string Reply, int Failures, long Until);
