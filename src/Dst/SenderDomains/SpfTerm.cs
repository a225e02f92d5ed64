// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tutti.Dst.SenderDomains;

/// <summary>What a term of an SPF record does.</summary>
internal enum SpfKind
{
    All,
    Include,
    A,
    Mx,
    Ptr,
    Ip4,
    Ip6,
    Exists,
    Redirect,
    Ignored,
}

/// <summary>A term of an SPF record (RFC 7208 section 4.6.1).</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Result">What a match means.</param>
/// <param name="Value">Domain or address behind the colon or equals sign; empty if there is none.</param>
/// <param name="Prefix4">Length of the network for IPv4.</param>
/// <param name="Prefix6">Length of the network for IPv6.</param>
internal sealed record SpfTerm(SpfKind Kind, SpfResult Result, string Value, int Prefix4, int Prefix6)
{
    private const string Version = "v=spf1";

    /// <summary>Whether receivers count it: an SPF record may cause ten lookups (section 4.6.4).</summary>
    public bool IsLookup => Kind is SpfKind.Include or SpfKind.A or SpfKind.Mx or SpfKind.Ptr or SpfKind.Exists or SpfKind.Redirect;

    /// <summary>Whether a text is an SPF record (section 4.5).</summary>
    public static bool IsRecord(string text) => text.Equals(Version, StringComparison.OrdinalIgnoreCase) || text.StartsWith(Version + " ", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a record.</summary>
    /// <param name="record">Its whole text.</param>
    /// <param name="bad">The first term that cannot be, or null.</param>
    public static IReadOnlyList<SpfTerm> Read(string record, out string? bad)
    {
        bad = null;
        var terms = new List<SpfTerm>();
        foreach (var word in record[Version.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ReadTerm(word) is not { } term)
            {
                bad = word;
                return [];
            }

            terms.Add(term);
        }

        return terms;
    }

    /// <summary>Whether an address lies in the network of this term, that of <paramref name="network"/>.</summary>
    public bool Covers(IPAddress network, IPAddress address)
    {
        if (network.AddressFamily != address.AddressFamily)
        {
            return false;
        }

        var length = address.AddressFamily == AddressFamily.InterNetwork ? Prefix4 : Prefix6;
        var (left, right) = (network.GetAddressBytes(), address.GetAddressBytes());
        for (var bit = 0; bit < length; bit++)
        {
            var mask = 0x80 >> (bit % 8);
            if (((left[bit / 8] ^ right[bit / 8]) & mask) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private static SpfTerm? ReadTerm(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var mark = word.IndexOfAny([':', '/']);
        if (equals > 0 && (mark < 0 || equals < mark))
        {
            return ReadModifier(word[..equals], word[(equals + 1)..]);
        }

        var result = word[0] switch { '-' => SpfResult.Fail, '~' => SpfResult.SoftFail, '?' => SpfResult.Neutral, _ => SpfResult.Pass };
        var rest = word[0] is '+' or '-' or '~' or '?' ? word[1..] : word;
        mark = rest.IndexOfAny([':', '/']);
        var name = mark < 0 ? rest : rest[..mark];
        var value = mark >= 0 && rest[mark] == ':' ? rest[(mark + 1)..] : "";
        var slashes = mark >= 0 && rest[mark] == '/' ? rest[mark..] : "";
        return name.ToLowerInvariant() switch
        {
            "all" when mark < 0 => new(SpfKind.All, result, "", 0, 0),
            "include" when value.Length > 0 => new(SpfKind.Include, result, value, 0, 0),
            "exists" when value.Length > 0 => new(SpfKind.Exists, result, value, 0, 0),
            "ptr" when slashes.Length == 0 => new(SpfKind.Ptr, result, value, 0, 0),
            "a" => Dual(SpfKind.A, result, value, slashes),
            "mx" => Dual(SpfKind.Mx, result, value, slashes),
            "ip4" => Network(SpfKind.Ip4, result, value, AddressFamily.InterNetwork, 32),
            "ip6" => Network(SpfKind.Ip6, result, value, AddressFamily.InterNetworkV6, 128),
            _ => null,
        };
    }

    /// <summary>Modifiers that nobody knows are passed over (section 6).</summary>
    private static SpfTerm? ReadModifier(string name, string value) => name.ToLowerInvariant() switch
    {
        "redirect" => value.Length > 0 ? new(SpfKind.Redirect, SpfResult.Neutral, value, 0, 0) : null,
        _ => char.IsAsciiLetter(name[0]) ? new(SpfKind.Ignored, SpfResult.Neutral, value, 0, 0) : null,
    };

    private static SpfTerm? Dual(SpfKind kind, SpfResult result, string value, string slashes)
    {
        if (value.Length > 0)
        {
            var slash = value.IndexOf('/', StringComparison.Ordinal);
            (value, slashes) = slash < 0 ? (value, "") : (value[..slash], value[slash..]);
            if (value.Length == 0)
            {
                return null;
            }
        }

        var double6 = slashes.IndexOf("//", StringComparison.Ordinal);
        var four = double6 < 0 ? slashes : slashes[..double6];
        var six = double6 < 0 ? "" : slashes[double6..];
        return Length(four, "/", 32) is { } prefix4 && Length(six, "//", 128) is { } prefix6 ? new(kind, result, value, prefix4, prefix6) : null;
    }

    private static SpfTerm? Network(SpfKind kind, SpfResult result, string value, AddressFamily family, int most)
    {
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? value : value[..slash];
        return IPAddress.TryParse(address, out var parsed) && parsed.AddressFamily == family && Length(slash < 0 ? "" : value[slash..], "/", most) is { } length
            ? new(kind, result, address, length, length)
            : null;
    }

    private static int? Length(string text, string start, int most) => text.Length == 0
        ? most
        : text.StartsWith(start, StringComparison.Ordinal) && int.TryParse(text.AsSpan(start.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= most
            ? length
            : null;
}
