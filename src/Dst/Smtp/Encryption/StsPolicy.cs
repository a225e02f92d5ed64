// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Tutti.Dst.Smtp.Encryption;

/// <summary>What a domain wants of those who bring it mail.</summary>
internal enum StsMode
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Bring it anyway, and tell what was wrong.</summary>
    Testing,

    /// <summary>Bring it only to hosts that fit.</summary>
    Enforce,
}

/// <summary>A policy of MTA-STS (RFC 8461 §3.2).</summary>
/// <param name="Mode">What happens to hosts that do not fit.</param>
/// <param name="MaxAge">How long it counts after it was fetched; at most a year.</param>
/// <param name="Hosts">Patterns of host names, in lower case.</param>
internal sealed record StsPolicy(StsMode Mode, TimeSpan MaxAge, IReadOnlyList<string> Hosts)
{
    private const long LongestAge = 31_557_600;
    private static readonly SearchValues<char> _ofNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._");

    /// <summary>Reads a policy file. Unknown fields are passed over; of fields given twice the first counts, except mx.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out StsPolicy? policy, [NotNullWhen(false)] out string? problem)
    {
        policy = null;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var hosts = new List<string>();
        foreach (var line in text.Split('\n').Select(line => line.Trim(' ', '\t', '\r')).Where(line => line.Length > 0))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                problem = "A line of it is no field.";
                return false;
            }

            var (name, value) = (line[..colon].TrimEnd(), line[(colon + 1)..].Trim());
            if (name == "mx")
            {
                hosts.Add(value.ToLowerInvariant());
            }
            else
            {
                fields.TryAdd(name, value);
            }
        }

        problem = ProblemOf(fields, hosts);
        if (problem is not null)
        {
            return false;
        }

        var mode = fields["mode"] switch { "enforce" => StsMode.Enforce, "testing" => StsMode.Testing, _ => StsMode.None };
        policy = new(mode, TimeSpan.FromSeconds(Math.Min(long.Parse(fields["max_age"], NumberStyles.None, CultureInfo.InvariantCulture), LongestAge)), hosts);
        return true;
    }

    /// <summary>Whether mail may go to a host of this name. The star of a pattern stands for exactly one label (RFC 8461 §4.1).</summary>
    public bool Allows(string host)
    {
        var name = host.TrimEnd('.').ToLowerInvariant();
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return Hosts.Any(pattern => pattern.StartsWith("*.", StringComparison.Ordinal)
            ? dot > 0 && name.AsSpan(dot).SequenceEqual(pattern.AsSpan(1))
            : pattern == name);
    }

    private static string? ProblemOf(Dictionary<string, string> fields, List<string> hosts)
    {
        if (fields.GetValueOrDefault("version") != "STSv1")
        {
            return "Its version is not STSv1.";
        }

        if (fields.GetValueOrDefault("mode") is not ("enforce" or "testing" or "none") and var mode)
        {
            return mode is null ? "It has no mode." : "Its mode is none of enforce, testing and none.";
        }

        if (fields.GetValueOrDefault("max_age") is not { Length: >= 1 and <= 10 } age || !age.All(char.IsAsciiDigit))
        {
            return "It has no max_age.";
        }

        return hosts.Count == 0 && fields["mode"] != "none" ? "It names no mx."
            : hosts.TrueForAll(IsPattern) ? null
            : "One of its mx is no name.";
    }

    private static bool IsPattern(string pattern)
    {
        var name = pattern.StartsWith("*.", StringComparison.Ordinal) ? pattern.AsSpan(2) : pattern;
        return name.Length is > 0 and < 254 && !name.ContainsAnyExcept(_ofNames) && name[0] != '.';
    }
}
