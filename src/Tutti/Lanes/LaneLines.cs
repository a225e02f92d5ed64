// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tutti.Contracts.Dst.V1;

namespace Tutti.Commands.Lanes;

/// <summary>The lanes of a distributor, for people and for scripts.</summary>
internal sealed class LaneLines(LaneList list)
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            Lanes = list.Lanes.Select(lane => new
            {
                lane.Name,
                lane.Breaker,
                PausedUntil = lane.PausedUntilMs == 0 ? (DateTimeOffset?)null : DateTimeOffset.FromUnixTimeMilliseconds(lane.PausedUntilMs),
                HeldSince = lane.HeldAtMs == 0 ? (DateTimeOffset?)null : DateTimeOffset.FromUnixTimeMilliseconds(lane.HeldAtMs),
                lane.Reason,
                lane.Waiting,
                lane.LastNo,
                lane.Connections,
                lane.Limit,
                lane.Most,
                lane.Destinations,
                lane.Rate,
                lane.AcceptedPerMinute,
                lane.Accepted,
                lane.Deferred,
                lane.Refused,
                lane.Opened,
            }),
            list.Others,
            list.Unplaced,
        },
        _json);

    /// <summary>A line per lane, and below it why it pauses.</summary>
    public string ToText(DateTimeOffset now)
    {
        if (list.Lanes.Count == 0)
        {
            return string.Join(Environment.NewLine, (string[])["Nothing was sent since the distributor started.", .. Unplaced]);
        }

        var text = new StringBuilder();
        var width = Math.Max(4, list.Lanes.Max(lane => lane.Name.Length));
        text.AppendLine(Row(width, "lane", "breaker", "connections", "domains", "waiting", "a minute", "accepted", "deferred", "refused"));
        foreach (var lane in list.Lanes)
        {
            text.AppendLine(Row(
                width, lane.Name, lane.Breaker, $"{lane.Connections} of {lane.Limit} ({lane.Most})", Number(lane.Destinations), Number(lane.Waiting), Number(lane.AcceptedPerMinute),
                Number(lane.Accepted), Number(lane.Deferred), Number(lane.Refused)));
            if (lane.HeldAtMs > 0)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"     paused by {lane.Reason} since {DateTimeOffset.FromUnixTimeMilliseconds(lane.HeldAtMs):yyyy-MM-dd HH:mm:ss} UTC");
            }
            else if (lane.PausedUntilMs > 0)
            {
                var until = DateTimeOffset.FromUnixTimeMilliseconds(lane.PausedUntilMs);
                text.AppendLine(CultureInfo.InvariantCulture, $"     pauses until {until:HH:mm:ss} UTC, {Math.Max(0, Math.Ceiling((until - now).TotalMinutes))} min: {lane.Reason}");
            }
        }

        if (list.Others > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"and {list.Others} more");
        }

        foreach (var line in Unplaced)
        {
            text.AppendLine(line);
        }

        return text.ToString().TrimEnd();
    }

    // They may wait for a time of their own, and are looked up then.
    private IEnumerable<string> Unplaced => list.Unplaced > 0 ? [$"{Number(list.Unplaced)} waiting for domains that are not looked up yet"] : [];

    private static string Row(int width, string lane, string breaker, string connections, params string[] numbers) =>
        $"{lane.PadRight(width)}  {breaker,-9}  {connections,-14}{string.Concat(numbers.Select(number => number.PadLeft(11)))}";

    private static string Number(ulong number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
