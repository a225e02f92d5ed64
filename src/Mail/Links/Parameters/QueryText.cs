// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;

namespace Tutti.Mail.Links.Parameters;

/// <summary>Adds parameters to a URL as it is written: behind its query, before its fragment. Nothing else of it changes.</summary>
internal static class QueryText
{
    /// <summary>The host of a URL as it is written, in ASCII; null if it holds Liquid, or is none of http or https.</summary>
    /// <param name="written">Plain, without the references of HTML.</param>
    public static string? HostOf(string written)
    {
        var text = written.AsSpan().Trim();
        var start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        if (start < 3)
        {
            return null;
        }

        var end = text[start..].IndexOfAny('/', '?', '#');
        var authority = end < 0 ? text : text[..(start + end)];
        return !authority.ContainsAny('{', '}') && Uri.TryCreate(authority.ToString(), UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", IdnHost.Length: > 0 }
            ? url.IdnHost
            : null;
    }

    /// <summary>The URL with those parameters that it does not have yet.</summary>
    /// <param name="written">As it stands in the message; may hold Liquid.</param>
    /// <param name="parameters">Names and values, as they are meant.</param>
    /// <param name="isHtml">Whether it is written with references of HTML.</param>
    public static string With(string written, IReadOnlyList<(string Name, string Value)> parameters, bool isHtml)
    {
        if (parameters.Count == 0)
        {
            return written;
        }

        var (query, fragment) = PlacesOf(written, isHtml);
        var end = written[..fragment].TrimEnd().Length;
        var known = query < 0 ? [] : NamesIn(written[(query + 1)..fragment], isHtml);
        var added = new StringBuilder();
        var joins = query >= 0 && !(end == query + 1 || EndsWithAnd(written[..end], isHtml));
        foreach (var (name, value) in parameters.Where(one => !known.Contains(one.Name)))
        {
            added.Append(joins ? isHtml ? "&amp;" : "&" : query < 0 && added.Length == 0 ? "?" : "").Append(name).Append('=').Append(Uri.EscapeDataString(value));
            joins = true;
        }

        return added.Length == 0 ? written : string.Concat(written.AsSpan(0, end), added.ToString(), written.AsSpan(end));
    }

    private static bool EndsWithAnd(string text, bool isHtml) => text.EndsWith('&') || (isHtml && text.EndsWith("&amp;", StringComparison.OrdinalIgnoreCase));

    /// <summary>Where the query's question mark is, -1 for none, and where the fragment begins.</summary>
    private static (int Query, int Fragment) PlacesOf(string written, bool isHtml)
    {
        var query = -1;
        var position = 0;
        while (position < written.Length)
        {
            if (LiquidSkipper.TrySkip(written, ref position))
            {
                continue;
            }

            if (isHtml && written[position] == '&' && position + 1 < written.Length && written[position + 1] == '#')
            {
                // A reference by number, which may be the fragment's sign itself.
                var reference = written.IndexOf(';', position);
                if (reference > 0 && WebUtility.HtmlDecode(written[position..(reference + 1)]) == "#")
                {
                    return (query, position);
                }

                position += 2;
                continue;
            }

            if (written[position] == '#')
            {
                return (query, position);
            }

            query = query < 0 && written[position] == '?' ? position : query;
            position++;
        }

        return (query, written.Length);
    }

    private static HashSet<string> NamesIn(string query, bool isHtml)
    {
        var plain = WithoutLiquid(query);
        plain = isHtml ? WebUtility.HtmlDecode(plain) : plain;
        return new HashSet<string>(
            plain.Split(['&', ';']).Select(pair => pair.Split('=')[0].Replace('+', ' ')).Where(name => name.Length > 0).Select(Unescaped), StringComparer.OrdinalIgnoreCase);
    }

    private static string Unescaped(string name) => Uri.UnescapeDataString(name).Trim();

    private static string WithoutLiquid(string text)
    {
        var plain = new StringBuilder();
        var position = 0;
        while (position < text.Length)
        {
            if (!LiquidSkipper.TrySkip(text, ref position))
            {
                plain.Append(text[position++]);
            }
        }

        return plain.ToString();
    }
}
