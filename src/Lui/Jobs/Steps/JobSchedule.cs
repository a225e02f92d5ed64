// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs.Repeats;
using Tutti.Lui.Jobs.Schedules;

namespace Tutti.Lui.Jobs.Steps;

/// <summary>When a job leaves: at once after its authorization, at a moment, or when somebody triggers it.</summary>
/// <param name="At">The moment; null means at once.</param>
/// <param name="Zone">IANA name of the zone in which people chose it and see it.</param>
internal sealed record JobSchedule(DateTimeOffset? At, string Zone)
{
    /// <summary>At once after the authorization.</summary>
    public static JobSchedule AtOnce { get; } = new(null, "UTC");

    /// <summary>The time on each recipient's own clock at which it comes; null: all at one moment. The zone is then that of those whose own is not known.</summary>
    public LocalStart? Local { get; init; }

    /// <summary>True if it leaves when somebody triggers it; then there is no moment.</summary>
    public bool OnTrigger { get; init; }

    /// <summary>How it comes again; null: it leaves once.</summary>
    public JobRepeat? Repeat { get; init; }

    /// <summary>The zone of the schedule; UTC if it is not known here.</summary>
    public TimeZoneInfo ZoneOrUtc => TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>How the recipients are spread over time from then on; null: all as fast as it goes.</summary>
    public JobPace? Pace { get; init; }

    /// <summary>As people read it.</summary>
    public override string ToString() => Repeat is { } repeat ? SharedWords.Fill(JobsWords.Repeated, repeat.InWords(ZoneOrUtc), Once) : Once;

    /// <summary>A moment as the schedule shows it.</summary>
    public string MomentInWords(DateTimeOffset at) => Say(at);

    private string Once => Local is { } local ? SharedWords.Fill(JobsWords.InOwnZones, local.WallInWords.Replace('T', ' '), local.Column, Zone) : (At, OnTrigger, Pace) switch
    {
        ({ } at, _, null) => Say(at),
        ({ } at, _, { } pace) => SharedWords.Fill(JobsWords.AtTimeSpread, Say(at), pace.ToString()),
        (_, true, null) => JobsWords.WhenTriggered,
        (_, true, { } pace) => SharedWords.Fill(JobsWords.WhenTriggeredSpread, pace.ToString()),
        (_, false, null) => JobsWords.AtOnceAfter,
        (_, false, { } pace) => SharedWords.Fill(JobsWords.AtOnceSpread, pace.ToString()),
    };

    private string Say(DateTimeOffset at) => SharedWords.Fill(FrameWords.InZone, InZone(at).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), Zone);

    private DateTimeOffset InZone(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, ZoneOrUtc);
}
