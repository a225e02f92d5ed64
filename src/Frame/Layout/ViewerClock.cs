// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;

namespace Tutti.Frame.Layout;

/// <summary>Shows moments as the person at the screen reads clocks: in the zone of the browser, which is always named.</summary>
public sealed class ViewerClock(TimeProvider clock)
{
    /// <summary>The zone; the server's until the browser has told its own.</summary>
    public TimeZoneInfo Zone { get; private set; } = clock.LocalTimeZone;

    /// <summary>The zone's name as people know it: Europe/Berlin.</summary>
    public string ZoneName => Zone.Id;

    /// <summary>Now, in the zone.</summary>
    public DateTimeOffset Now => TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Zone);

    /// <summary>Takes the browser's zone; a name that nobody knows changes nothing.</summary>
    public void UseZone(string? id)
    {
        if (!string.IsNullOrEmpty(id) && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
        {
            Zone = zone;
        }
    }

    /// <summary>The moment in the zone.</summary>
    public DateTimeOffset Local(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, Zone);

    /// <summary>The moment at which a day begins in the zone; null for none. A day whose midnight is left out begins when clocks go on.</summary>
    public DateTimeOffset? StartOf(DateOnly? day) => day is { } date ? StartOf(date) : null;

    /// <summary>The moment at which a day begins in the zone.</summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (Zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(15);
        }

        return new DateTimeOffset(midnight, Zone.GetUtcOffset(midnight));
    }

    /// <summary>"today 14:03", "yesterday 09:12", "Mon 23 Nov 14:03", "23 Nov 2025 14:03".</summary>
    public string Say(DateTimeOffset moment)
    {
        var local = Local(moment);
        var now = Now;
        var time = local.ToString("HH:mm", CultureInfo.InvariantCulture);
        return (local.Date - now.Date).Days switch
        {
            0 => SharedWords.Fill(FrameWords.Today, time),
            -1 => SharedWords.Fill(FrameWords.Yesterday, time),
            1 => SharedWords.Fill(FrameWords.Tomorrow, time),
            _ when local.Year == now.Year => local.ToString("ddd d MMM HH:mm", CultureInfo.CurrentCulture),
            _ => local.ToString("d MMM yyyy HH:mm", CultureInfo.CurrentCulture),
        };
    }

    /// <summary>The same with the zone behind it: "today 14:03 (Europe/Berlin)".</summary>
    public string SayWithZone(DateTimeOffset moment) => SharedWords.Fill(FrameWords.InZone, Say(moment), ZoneName);

    /// <summary>To the second, with date, zone and offset, for those who must know.</summary>
    public string Exact(DateTimeOffset moment)
    {
        var local = Local(moment);
        return $"{local.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)} ({ZoneName})";
    }
}
