// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Jobs.Codes;

/// <summary>The time zone of the installation.</summary>
internal sealed class InstallationZone
{
    private readonly TimeProvider _clock;

    public InstallationZone(JobSettings settings, TimeProvider clock)
    {
        _clock = clock;
        Zone = settings.TimeZone.Length == 0 ? clock.LocalTimeZone : LocalTime.Zone(settings.TimeZone).Value;
    }

    /// <summary>The zone.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>Its IANA name.</summary>
    public string Name => Zone.HasIanaId ? Zone.Id : TimeZoneInfo.TryConvertWindowsIdToIanaId(Zone.Id, out var iana) ? iana : "UTC";

    /// <summary>Today's date there.</summary>
    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(_clock.GetUtcNow(), Zone).DateTime);
}
