// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;

namespace Tutti.Lui.Jobs.Schedules;

/// <summary>Time zones by the names that stand in people's data: of IANA, in any case, also older ones, or of Windows.</summary>
internal static class ZoneNames
{
    private const int Longest = 64;

    private static readonly FrozenDictionary<string, TimeZoneInfo> _known = TimeZoneInfo.GetSystemTimeZones()
        .Where(zone => zone.HasIanaId).DistinctBy(zone => zone.Id, StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(zone => zone.Id, StringComparer.OrdinalIgnoreCase);

    /// <summary>The zone of a name, or null if nobody knows it.</summary>
    public static TimeZoneInfo? Find(string? name)
    {
        var trimmed = name?.Trim() ?? "";
        if (trimmed.Length is 0 or > Longest)
        {
            return null;
        }

        if (_known.TryGetValue(trimmed, out var zone))
        {
            return zone;
        }

        var iana = TimeZoneInfo.TryConvertWindowsIdToIanaId(trimmed, out var converted) ? converted : trimmed;
        return TimeZoneInfo.TryFindSystemTimeZoneById(iana, out zone) && zone.HasIanaId ? zone : null;
    }
}
