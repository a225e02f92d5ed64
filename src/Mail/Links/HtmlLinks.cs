// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Tutti.Mail.Merging;

namespace Tutti.Mail.Links;

/// <summary>Puts markers in the place of links in the source of an HTML part; nothing else of the source changes.</summary>
internal sealed class HtmlLinks(string source, LinkList links)
{
    private const int MaxLabel = 80;

    private static readonly string[] _rawElements = ["script", "style", "textarea", "title", "xmp", "noembed"];

    private readonly StringBuilder _result = new(source.Length + 64);
    private int _copied;

    /// <summary>Rewrites a source.</summary>
    public static string Mark(string source, LinkList links) => new HtmlLinks(source, links).Run();

    private string Run()
    {
        var position = 0;
        while (position < source.Length)
        {
            var next = source.AsSpan(position).IndexOfAny('<', '{');
            if (next < 0)
            {
                break;
            }

            position += next;
            if (LiquidSkipper.TrySkip(source, ref position))
            {
                continue;
            }

            position = source[position] == '<' ? Markup(position) : position + 1;
        }

        return _copied == 0 ? source : _result.Append(source, _copied, source.Length - _copied).ToString();
    }

    private int Markup(int start)
    {
        var rest = source.AsSpan(start);
        if (rest.StartsWith("<!--", StringComparison.Ordinal))
        {
            // Outlook reads what stands in its conditional comments: links there count.
            return rest.StartsWith("<!--[if", StringComparison.OrdinalIgnoreCase) ? Behind(">", start) : Behind("-->", start + 4);
        }

        if (rest.Length < 2 || !char.IsAsciiLetter(rest[1]))
        {
            return start + 1;
        }

        var nameEnd = start + 1;
        while (nameEnd < source.Length && (char.IsAsciiLetterOrDigit(source[nameEnd]) || source[nameEnd] is ':' or '-'))
        {
            nameEnd++;
        }

        var name = source[(start + 1)..nameEnd].ToLowerInvariant();
        var end = Attributes(nameEnd, name is "a" or "area" || name.StartsWith("v:", StringComparison.Ordinal));
        return Array.IndexOf(_rawElements, name) < 0 ? end : Behind("</" + name, end);
    }

    /// <summary>Goes over the attributes of a tag; the position behind it.</summary>
    private int Attributes(int position, bool isLink)
    {
        while (position < source.Length)
        {
            var c = source[position];
            if (c == '>')
            {
                return position + 1;
            }

            if (LiquidSkipper.TrySkip(source, ref position))
            {
                continue;
            }

            if (char.IsWhiteSpace(c) || c is '/' or '=' or '"' or '\'' or '{')
            {
                position++;
                continue;
            }

            position = Attribute(position, isLink);
        }

        return source.Length;
    }

    private int Attribute(int start, bool isLink)
    {
        var nameEnd = start;
        while (nameEnd < source.Length && !char.IsWhiteSpace(source[nameEnd]) && source[nameEnd] is not ('=' or '>' or '/' or '"' or '\'' or '{'))
        {
            nameEnd++;
        }

        var position = SkipBlanks(nameEnd);
        if (position >= source.Length || source[position] != '=')
        {
            return Math.Max(nameEnd, start + 1);
        }

        position = SkipBlanks(position + 1);
        if (position >= source.Length)
        {
            return position;
        }

        var quote = source[position] is '"' or '\'' ? source[position++] : '\0';
        var end = ValueEnd(position, quote);
        if (isLink && source.AsSpan(start, nameEnd - start).Equals("href", StringComparison.OrdinalIgnoreCase))
        {
            Link(position, end);
        }

        return quote == '\0' ? end : Math.Min(end + 1, source.Length);
    }

    private void Link(int start, int end)
    {
        var written = source.AsSpan(start, end - start);
        if (links.Take(ContentPart.Html, written, WebUtility.HtmlDecode(written.ToString()), () => Label(end)) is { } marker)
        {
            _result.Append(source, _copied, start - _copied).Append(marker);
            _copied = end;
        }
    }

    private int ValueEnd(int position, char quote)
    {
        while (position < source.Length)
        {
            var c = source[position];
            if (quote == '\0' ? char.IsWhiteSpace(c) || c == '>' : c == quote)
            {
                return position;
            }

            if (!LiquidSkipper.TrySkip(source, ref position))
            {
                position++;
            }
        }

        return source.Length;
    }

    private int SkipBlanks(int position)
    {
        while (position < source.Length && char.IsWhiteSpace(source[position]))
        {
            position++;
        }

        return position;
    }

    private int Behind(string end, int from)
    {
        var at = from < source.Length ? source.IndexOf(end, from, StringComparison.OrdinalIgnoreCase) : -1;
        return at < 0 ? source.Length : at + end.Length;
    }

    /// <summary>The words between the tag that ends behind a position and its closing tag; an image's alternative text where there are none.</summary>
    private string Label(int position)
    {
        var start = Behind(">", position);
        var end = start < source.Length ? source.IndexOf("</a", start, StringComparison.OrdinalIgnoreCase) : -1;
        if (end < 0)
        {
            return "";
        }

        var inner = source[start..Math.Min(end, start + 2000)];
        var words = new StringBuilder();
        var inTag = false;
        foreach (var c in inner)
        {
            inTag = c == '<' || (inTag && c != '>');
            words.Append(inTag || c == '>' ? ' ' : c);
        }

        var label = Tidy(words.ToString());
        return label.Length > 0 ? label : Alternative(inner);
    }

    private static string Alternative(string inner)
    {
        var at = inner.IndexOf(" alt=\"", StringComparison.OrdinalIgnoreCase);
        var end = at < 0 ? -1 : inner.IndexOf('"', at + 6);
        return end < 0 ? "" : Tidy(inner[(at + 6)..end]);
    }

    private static string Tidy(string text)
    {
        var words = string.Join(' ', WebUtility.HtmlDecode(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length <= MaxLabel ? words : words[..(char.IsHighSurrogate(words[MaxLabel - 2]) ? MaxLabel - 2 : MaxLabel - 1)] + "…";
    }
}
