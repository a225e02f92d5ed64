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
    private bool _inAnchor;

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
            return rest.StartsWith("<!--[if", StringComparison.OrdinalIgnoreCase) ? Behind(">", start) : BehindComment(start);
        }

        var closing = rest.Length > 1 && rest[1] == '/';
        var nameStart = start + (closing ? 2 : 1);
        if (nameStart >= source.Length || !char.IsAsciiLetter(source[nameStart]))
        {
            // What browsers take for a comment, or a plain "less than".
            return closing || (rest.Length > 1 && rest[1] is '!' or '?') ? Behind(">", start) : start + 1;
        }

        var nameEnd = nameStart;
        while (nameEnd < source.Length && !char.IsWhiteSpace(source[nameEnd]) && source[nameEnd] is not ('/' or '>'))
        {
            nameEnd++;
        }

        var name = source[nameStart..nameEnd].ToLowerInvariant();
        _inAnchor = name == "a";
        var end = Attributes(nameEnd, !closing && (name is "a" or "area" || name.StartsWith("v:", StringComparison.Ordinal)));
        return closing || Array.IndexOf(_rawElements, name) < 0 ? end : name == "script" ? ScriptText.End(source, end) : EndOfRaw(name, end);
    }

    /// <summary>Where the closing tag of an element begins whose content is no markup.</summary>
    private int EndOfRaw(string name, int from)
    {
        for (var at = from; at < source.Length; at += 2)
        {
            at = source.IndexOf("</" + name, at, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
            {
                break;
            }

            if (ScriptText.EndsName(source, at + 2 + name.Length))
            {
                return at;
            }
        }

        return source.Length;
    }

    private int BehindComment(int start)
    {
        // "<!-->" is a comment already; "--!>" ends one too.
        var usual = Behind("-->", start + 2);
        return Math.Min(usual, Behind("--!>", start + 4));
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

    // An area or a shape of Outlook has no words of its own.
    private string Label(int position) => _inAnchor ? Words(position) : "";

    /// <summary>The words between the tag that ends behind a position and its closing tag; an image's alternative text where there are none.</summary>
    private string Words(int position)
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
