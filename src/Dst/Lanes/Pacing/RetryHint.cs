// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;

namespace Tutti.Dst.Lanes.Pacing;

/// <summary>"Try again in N minutes": what receivers write into a 4xx reply about when to come back. No standard has it; these are the usual forms.</summary>
internal static partial class RetryHint
{
    private static readonly TimeSpan _longest = TimeSpan.FromHours(24);

    /// <summary>The wait that a reply asks for, at most a day; null if it names none.</summary>
    public static TimeSpan? In(string reply)
    {
        // Most replies have no such word; the search is for those that do.
        if (!Reason().IsMatch(reply))
        {
            return null;
        }

        var wait = Clock().Match(reply) is { Success: true } clock ? OfClock(clock)
            : Span().Match(reply) is { Success: true } span ? OfSpan(span)
            : null;
        return wait > _longest ? _longest : wait;
    }

    private static TimeSpan? OfClock(Match match) =>
        new TimeSpan(Number(match, "hours"), Number(match, "minutes"), Number(match, "seconds")) is { Ticks: > 0 } wait ? wait : null;

    private static TimeSpan? OfSpan(Match match)
    {
        var number = Number(match, "number");
        return number == 0 ? null : match.Groups["unit"].ValueSpan[0] switch
        {
            'h' or 'H' => TimeSpan.FromHours(Math.Min(number, 24)),
            'm' or 'M' => TimeSpan.FromMinutes(number),
            _ => TimeSpan.FromSeconds(number),
        };
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"try|wait|again|after|come back|greylist|graylist|resume", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reason();

    [GeneratedRegex(@"\b(?:in|after|for)\s+(?<hours>\d{1,2}):(?<minutes>\d{2}):(?<seconds>\d{2})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Clock();

    [GeneratedRegex(
        @"\b(?:in|after|for|wait|within|another)\s+(?:at\s+least\s+|about\s+|approximately\s+)?(?<number>\d{1,5})\s*(?<unit>s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Span();
}
