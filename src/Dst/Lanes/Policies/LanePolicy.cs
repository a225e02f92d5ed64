// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Lanes.Policies;

/// <summary>How one lane is treated.</summary>
internal sealed record LanePolicy
{
    /// <summary>Most connections at the same time.</summary>
    public required int Connections { get; init; }

    /// <summary>Connections to begin with; at most <see cref="Connections"/>.</summary>
    public required int Start { get; init; }

    /// <summary>Messages after which a connection is closed and another one opened; 0 for no such number.</summary>
    public int MessagesPerConnection { get; init; }

    /// <summary>Most messages a second; 0 for no limit.</summary>
    public double PerSecond { get; init; }

    /// <summary>Connections that fail one after the other until the lane pauses.</summary>
    public int BreakAfter { get; init; } = 5;

    /// <summary>Words in a 4xx reply that let the whole lane pause at once.</summary>
    public IReadOnlyList<string> PauseOn { get; init; } = [];

    /// <summary>How long it pauses for those words.</summary>
    public TimeSpan PauseFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What each of several distributors may do, so that together they keep to this policy. Each keeps one connection, however many they are.</summary>
    public LanePolicy ShareOf(int nodes) => nodes == 1 ? this : this with
    {
        Connections = Math.Max(1, Connections / nodes),
        Start = Math.Max(1, Math.Min(Start, Connections / nodes)),
        PerSecond = PerSecond / nodes,
    };
}
