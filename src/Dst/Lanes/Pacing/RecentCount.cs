// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Lanes.Pacing;

/// <summary>How much a count grew in the last minute, known by looking at it every five seconds.</summary>
internal sealed class RecentCount
{
    private const int Looks = 12;
    private readonly Lock _gate = new();
    private readonly long[] _seen = new long[Looks];
    private int _looks;

    /// <summary>The time between two looks.</summary>
    public static TimeSpan Every { get; } = TimeSpan.FromSeconds(5);

    /// <summary>The growth in the last minute, up to the last look.</summary>
    public long InLastMinute { get; private set; }

    /// <summary>Looks.</summary>
    public void Look(long count)
    {
        lock (_gate)
        {
            InLastMinute = count - _seen[_looks % Looks];
            _seen[_looks++ % Looks] = count;
        }
    }
}
