// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Tutti.Dst.Lanes.Policies;

/// <summary>What <c>lanes.ini</c> says about one operator, or about all others under the name <c>default</c>. What is not said there is as for <c>default</c>.</summary>
internal sealed record LaneEntry
{
    [Description("Endings of the names of the operator's mail hosts, with commas between.")]
    public string[]? Hosts { get; init; }

    [Range(1, 1000), Description("Most connections at the same time.")]
    public int? Connections { get; init; }

    [Range(1, 1000), Description("Connections to begin with.")]
    public int? Start { get; init; }

    [Range(0, 1_000_000), Description("Messages after which a connection is closed; 0 means no limit.")]
    public int? MessagesPerConnection { get; init; }

    [RegularExpression(@"0|[0-9]+(\.[0-9]+)?/[smh]", ErrorMessage = "Write messages per second, minute or hour, such as 10/s, 300/m or 5000/h, or 0 for no limit.")]
    [Description("Most messages in a span of time, such as 10/s, 300/m, 5000/h; 0 means no limit.")]
    public string? Rate { get; init; }

    [Range(1, 1000), Description("Connections that fail one after the other until the lane pauses.")]
    public int? BreakAfter { get; init; }

    [Description("Words in a 4xx reply that let the whole lane pause, with commas between.")]
    public string[]? PauseOn { get; init; }

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00"), Description("How long it pauses for those words.")]
    public TimeSpan? PauseFor { get; init; }

    /// <summary>The policy, with what is not said here taken from another one.</summary>
    public LanePolicy Over(LanePolicy otherwise)
    {
        var connections = Connections ?? otherwise.Connections;
        return new LanePolicy
        {
            Connections = connections,
            Start = Math.Min(Start ?? otherwise.Start, connections),
            MessagesPerConnection = MessagesPerConnection ?? otherwise.MessagesPerConnection,
            PerSecond = Rate is null ? otherwise.PerSecond : Read(Rate),
            BreakAfter = BreakAfter ?? otherwise.BreakAfter,
            PauseOn = PauseOn ?? otherwise.PauseOn,
            PauseFor = PauseFor ?? otherwise.PauseFor,
        };
    }

    private static double Read(string rate)
    {
        var slash = rate.IndexOf('/', StringComparison.Ordinal);
        if (!double.TryParse(slash < 0 ? rate : rate.AsSpan(0, slash), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            // There is a complaint already.
            return 0;
        }

        return rate[^1] switch { 'm' => number / 60, 'h' => number / 3600, _ => number };
    }
}
