// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs.Steps;

/// <summary>From a wall clock in a named zone to a moment.</summary>
internal static class LocalTime
{
    private static readonly string[] _wallClock = ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];

    private static readonly string[] _withOffset =
        ["yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK"];

    /// <summary>Reads a moment: with an offset (or Z) it stands for itself, without one it is a wall clock in the zone.</summary>
    /// <param name="text">ISO 8601, to the minute or second.</param>
    /// <param name="zoneName">IANA name, such as Europe/Berlin.</param>
    public static Outcome<DateTimeOffset> Read(string text, string zoneName)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Zone(zoneName).Is(out var zone, out var refusal))
        {
            return refusal;
        }

        if (DateTime.TryParseExact(text.Trim(), _wallClock, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall))
        {
            return At(wall, zone);
        }

        return DateTimeOffset.TryParseExact(text.Trim(), _withOffset, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : new Refusal(RefusalKind.Invalid, "schedule.time", SharedWords.Fill(JobsWords.NoTime, text), "at");
    }

    /// <summary>Reads a wall clock, without an offset and without a zone.</summary>
    public static Outcome<DateTime> Wall(string text) =>
        DateTime.TryParseExact(text.Trim(), _wallClock, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall)
            ? new DateTime(wall.Year, wall.Month, wall.Day, wall.Hour, wall.Minute, 0, DateTimeKind.Unspecified)
            : new Refusal(RefusalKind.Invalid, "schedule.time", SharedWords.Fill(JobsWords.NoTime, text), "at");

    /// <summary>The moment at which a clock on the wall shows this time.</summary>
    /// <param name="wall">Date and time without a zone. A time that comes twice, when clocks go back, means the first.</param>
    /// <param name="zone">The zone of the clock.</param>
    public static Outcome<DateTimeOffset> At(DateTime wall, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        wall = DateTime.SpecifyKind(wall, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(wall))
        {
            return new Refusal(
                RefusalKind.Invalid,
                "schedule.no-such-time",
                SharedWords.Fill(JobsWords.NoSuchTime, wall.ToString("HH:mm", CultureInfo.InvariantCulture), wall.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), zone.Id),
                "at");
        }

        var offset = zone.IsAmbiguousTime(wall) ? zone.GetAmbiguousTimeOffsets(wall).Max() : zone.GetUtcOffset(wall);
        return new DateTimeOffset(wall, offset);
    }

    /// <summary>A zone by its IANA name.</summary>
    public static Outcome<TimeZoneInfo> Zone(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId
        ? zone
        : new Refusal(RefusalKind.Invalid, "schedule.zone", SharedWords.Fill(JobsWords.NoZone, name), "zone");
}
