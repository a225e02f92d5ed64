// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs.Schedules;

namespace Tutti.Lui.Jobs.Steps;

/// <summary>When a job leaves: at once after its authorization, or at a moment.</summary>
/// <param name="At">The moment; null means at once.</param>
/// <param name="Zone">IANA name of the zone in which people chose it and see it.</param>
internal sealed record JobSchedule(DateTimeOffset? At, string Zone)
{
    /// <summary>At once after the authorization.</summary>
    public static JobSchedule AtOnce { get; } = new(null, "UTC");

    /// <summary>How the recipients are spread over time from then on; null: all as fast as it goes.</summary>
    public JobPace? Pace { get; init; }

    /// <summary>As people read it.</summary>
    public override string ToString() => Pace is { } pace ? SharedWords.Fill(JobsWords.WithPace, Start, pace.ToString()) : Start;

    private string Start => At is { } at
        ? SharedWords.Fill(FrameWords.InZone, InZone(at).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), Zone)
        : JobsWords.AtOnceAfter;

    private DateTimeOffset InZone(DateTimeOffset at) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out var zone) ? TimeZoneInfo.ConvertTime(at, zone) : at;
}
