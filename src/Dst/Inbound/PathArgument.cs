// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tutti.Dst.Inbound;

/// <summary>The argument of MAIL FROM and RCPT TO: a path in angle brackets and parameters (RFC 5321 §4.1.2).</summary>
/// <param name="Address">The address, empty for &lt;&gt;.</param>
/// <param name="Parameters">What follows, word by word.</param>
internal readonly record struct PathArgument(string Address, string[] Parameters)
{
    /// <summary>The value of SIZE=, 0 without one.</summary>
    public long Size => Parameters
        .Where(word => word.StartsWith("SIZE=", StringComparison.OrdinalIgnoreCase))
        .Select(word => long.TryParse(word.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0)
        .FirstOrDefault();

    /// <summary>Reads what follows "MAIL " or "RCPT ".</summary>
    /// <param name="argument">Such as "FROM:&lt;a@b.example&gt; SIZE=100".</param>
    /// <param name="keyword">"FROM:" or "TO:".</param>
    /// <param name="path">What was read.</param>
    public static bool TryRead(string argument, string keyword, out PathArgument path)
    {
        path = default;
        if (!argument.StartsWith(keyword, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        // Many clients put a space after the colon; RFC 5321 §3.3 does not, receivers take it.
        var rest = argument[keyword.Length..].TrimStart(' ');
        if (rest is not ['<', ..] || EndOf(rest) is not (> 0 and var end))
        {
            return false;
        }

        var address = rest[1..end];
        if (address is ['@', ..] && address.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
        {
            // A source route is accepted and ignored (RFC 5321 §4.1.1.3).
            address = address[(colon + 1)..];
        }

        path = new(address, rest[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return true;
    }

    private static int EndOf(string path)
    {
        var quoted = false;
        for (var index = 1; index < path.Length; index++)
        {
            switch (path[index])
            {
                case '\\' when quoted:
                    index++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case '>' when !quoted:
                    return index;
                default:
                    break;
            }
        }

        return -1;
    }
}
