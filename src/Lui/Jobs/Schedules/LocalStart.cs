// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tutti.Lui.Jobs.Schedules;

/// <summary>A time on the clock of every recipient.</summary>
/// <param name="Wall">Date and time without a zone.</param>
/// <param name="Column">The column that names each recipient's zone.</param>
internal sealed record LocalStart(DateTime Wall, string Column)
{
    /// <summary>How the time is written.</summary>
    public const string Format = "yyyy-MM-ddTHH:mm";

    private static readonly TimeSpan _step = TimeSpan.FromMinutes(15);

    /// <summary>The time in words: 2026-11-25T09:00.</summary>
    public string WallInWords => Wall.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>
    /// The one moment at which the recipients of a zone are due. A time over which the clocks go forward means as much later, one
    /// that comes twice means the first.
    /// </summary>
    public DateTimeOffset In(TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (zone.IsAmbiguousTime(Wall))
        {
            return new DateTimeOffset(Wall, zone.GetAmbiguousTimeOffsets(Wall).Max());
        }

        var before = Wall;
        while (zone.IsInvalidTime(before))
        {
            before -= _step;
        }

        return new DateTimeOffset(Wall, zone.GetUtcOffset(before));
    }
}
