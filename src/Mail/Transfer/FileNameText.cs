// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tutti.Mail.Transfer;

/// <summary>The name of a file in a Content-Disposition header: as it is where ASCII can say it, otherwise in UTF-8 over as many parts as it takes (RFC 2231 §3 and §4).</summary>
internal static class FileNameText
{
    private const int LongestPart = 60;

    private static readonly SearchValues<char> _plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 !#$&+-.@^_`{}~()[],=");

    // attribute-char of RFC 2231, without those that some readers stumble over.
    private static readonly SearchValues<char> _unescaped = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    /// <summary>The parameter with the semicolon before it and line breaks where it is long; ends without one.</summary>
    public static string Parameter(string name)
    {
        if (name.Length is > 0 and <= LongestPart && !name.AsSpan().ContainsAnyExcept(_plain))
        {
            return $";\r\n filename=\"{name}\"";
        }

        var parts = Parts(name);
        var text = new StringBuilder();
        for (var i = 0; i < parts.Count; i++)
        {
            text.Append(";\r\n filename*");
            if (parts.Count > 1)
            {
                text.Append(CultureInfo.InvariantCulture, $"{i}*");
            }

            text.Append('=').Append(i == 0 ? "utf-8''" : "").Append(parts[i]);
        }

        return text.ToString();
    }

    // Cut between characters only, so that each part can be read by itself.
    private static List<string> Parts(string name)
    {
        var (parts, part) = (new List<string>(), new StringBuilder());
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in name.EnumerateRunes())
        {
            var escaped = rune.IsAscii && _unescaped.Contains((char)rune.Value)
                ? rune.ToString()
                : string.Concat(bytes[..rune.EncodeToUtf8(bytes)].ToArray().Select(one => "%" + one.ToString("X2", CultureInfo.InvariantCulture)));
            if (part.Length + escaped.Length > LongestPart)
            {
                parts.Add(part.ToString());
                part.Clear();
            }

            part.Append(escaped);
        }

        parts.Add(part.ToString());
        return parts;
    }
}
