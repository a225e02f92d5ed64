// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tutti.Dst.Smtp.Destinations;

/// <summary>A host as it stands in a setting: "mx.example", "mx.example:2525", "192.0.2.1", "[2001:db8::1]:25".</summary>
internal readonly record struct HostAndPort(string Host, int Port)
{
    /// <summary>What a setting of this kind may look like.</summary>
    public const string Pattern = @"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.\-]+)(?::[0-9]{1,5})?";

    /// <summary>The same for a setting that takes no names.</summary>
    public const string AddressPattern = @"(?:\[[0-9A-Fa-f:.]+\]|[0-9.]+)(?::[0-9]{1,5})?";

    /// <summary>Reads a setting that matches <see cref="Pattern"/>.</summary>
    public static HostAndPort Read(string text, int otherwise)
    {
        var colon = text.LastIndexOf(':');
        return colon < 0 || text.EndsWith(']')
            ? new(text.Trim('[', ']'), otherwise)
            : new(text[..colon].Trim('[', ']'), int.Parse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }
}
