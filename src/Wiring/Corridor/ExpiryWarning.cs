// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tutti.Wiring.Corridor;

/// <summary>When people are told that a certificate comes to its end.</summary>
public static class ExpiryWarning
{
    private static readonly double[] _days = [30, 14, 7, 1];
    private static readonly double[] _parts = [0.5, 0.25, 0.1];

    /// <summary>The warning for people, or null while all is well.</summary>
    /// <param name="what">Which certificate, as the subject of a sentence.</param>
    /// <param name="notBefore">When it begins, local time as the framework gives it.</param>
    /// <param name="notAfter">When it ends, likewise.</param>
    /// <param name="now">This moment.</param>
    public static string? Of(string what, DateTime notBefore, DateTime notAfter, DateTimeOffset now)
    {
        DateTimeOffset end = notAfter.ToUniversalTime();
        return Stage(notBefore.ToUniversalTime(), end, now) is > 0 and var stage
            ? string.Create(CultureInfo.InvariantCulture, $"[ssl.expires-soon] {what} {(end <= now ? "ended" : "ends")} on {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC (warning {(end <= now ? stage + 1 : stage)}).")
            : null;
    }

    /// <summary>How many of the moments for a warning have passed: 0 while all is well. One that lives up to 100 days is renewed at 30 left, so the first word comes at 14; of short lives parts count.</summary>
    public static int Stage(DateTimeOffset notBefore, DateTimeOffset notAfter, DateTimeOffset now)
    {
        var life = notAfter - notBefore;
        var left = notAfter - now;
        return life.TotalDays switch
        {
            < 30 => _parts.Count(part => left <= life * part),
            <= 100 => _days.Count(days => days < 30 && left.TotalDays <= days),
            _ => _days.Count(days => left.TotalDays <= days),
        };
    }
}
