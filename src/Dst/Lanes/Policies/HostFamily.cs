// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;

namespace Tutti.Dst.Lanes.Policies;

/// <summary>
/// The domain under which somebody registered a host's name: hosts with the same one have the same operator. By the list of all registries
/// where the operating system has it; otherwise the usual words below a country (co.uk, com.au) count as part of the registry. Where that errs,
/// two operators share a lane or one has two; no mail goes wrong by it.
/// </summary>
internal static class HostFamily
{
    private static readonly FrozenSet<string> _registries =
        FrozenSet.ToFrozenSet(["ac", "co", "com", "edu", "go", "gob", "gov", "govt", "gv", "id", "ltd", "me", "mil", "ne", "net", "nom", "or", "org", "plc", "sch"], StringComparer.Ordinal);

    /// <summary>The family of a host; an address is its own.</summary>
    public static string Of(string host) => Of(host, PublicSuffixes.OfSystem);

    /// <summary>The family of a host by a list, or by the usual words without one.</summary>
    public static string Of(string host, PublicSuffixes? list)
    {
        var name = host.TrimEnd('.').ToLowerInvariant();
        if (name.Contains(':', StringComparison.Ordinal) || name.StartsWith('[') || System.Net.IPAddress.TryParse(name, out _))
        {
            return name;
        }

        var labels = name.Split('.');
        var count = 1 + (list?.LabelsOf(labels) ?? (labels.Length > 2 && labels[^1].Length == 2 && _registries.Contains(labels[^2]) ? 2 : 1));
        return labels.Length <= count ? name : string.Join('.', labels[^count..]);
    }
}
