// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tutti.Mail.Links;

namespace Tutti.Mail.TextParts;

/// <summary>A piece of the source of an HTML part.</summary>
internal abstract record HtmlToken
{
    /// <summary>Words, with their entities read.</summary>
    public sealed record Words(string Text) : HtmlToken;

    /// <summary>A tag or an output of Liquid, as written.</summary>
    public sealed record Liquid(string Source) : HtmlToken;

    /// <summary>A tag that opens an element.</summary>
    public sealed record Open(string Name, IReadOnlyDictionary<string, string> Attributes) : HtmlToken;

    /// <summary>A comment, or what browsers take for one.</summary>
    public sealed record Comment : HtmlToken;

    /// <summary>A tag that closes one.</summary>
    public sealed record Close(string Name) : HtmlToken;
}

/// <summary>
/// Reads the source of an HTML part with Liquid in it, piece by piece. A parser of HTML would move Liquid about, for example out of tables; this one
/// leaves everything in its order.
/// </summary>
internal sealed class HtmlTokens(string source)
{
    private int _position;

    public IEnumerable<HtmlToken> Read()
    {
        while (_position < source.Length)
        {
            var start = _position;
            if (LiquidSkipper.TrySkip(source, ref _position))
            {
                yield return new HtmlToken.Liquid(source[start.._position]);
            }
            else if (source[start] == '<' && Markup() is { } token)
            {
                // Liquid does its work in attributes and comments, too.
                foreach (var tag in LiquidTags(start, _position))
                {
                    yield return new HtmlToken.Liquid(tag);
                }

                yield return token;
            }
            else if (_position == start)
            {
                yield return Words();
            }
        }
    }

    private IEnumerable<string> LiquidTags(int from, int to)
    {
        for (var at = from; at < to;)
        {
            var start = at;
            if (!LiquidSkipper.TrySkip(source, ref at))
            {
                at++;
            }
            else if (source[start + 1] == '%')
            {
                yield return source[start..at];
            }
        }
    }

    private HtmlToken.Words Words()
    {
        var start = _position++;
        while (_position < source.Length && source[_position] != '<' && !StartsLiquid(_position))
        {
            _position++;
        }

        return new HtmlToken.Words(WebUtility.HtmlDecode(source[start.._position]));
    }

    private bool StartsLiquid(int at) => source[at] == '{' && at + 1 < source.Length && source[at + 1] is '{' or '%';

    /// <summary>A tag or a comment; null for a plain "less than".</summary>
    private HtmlToken? Markup()
    {
        var rest = source.AsSpan(_position);
        if (rest.StartsWith("<!--", StringComparison.Ordinal))
        {
            _position = Behind("-->", _position + 2);
            return new HtmlToken.Comment();
        }

        var closing = rest.Length > 1 && rest[1] == '/';
        var name = _position + (closing ? 2 : 1);
        if (name >= source.Length || !char.IsAsciiLetter(source[name]))
        {
            if (rest.Length < 2 || rest[1] is not ('!' or '?' or '/'))
            {
                return null;
            }

            _position = Behind(">", _position);
            return new HtmlToken.Comment();
        }

        var end = name;
        while (end < source.Length && !char.IsWhiteSpace(source[end]) && source[end] is not ('/' or '>'))
        {
            end++;
        }

        var element = source[name..end].ToLowerInvariant();
        _position = end;
        var attributes = Attributes();
        return closing ? new HtmlToken.Close(element) : new HtmlToken.Open(element, attributes);
    }

    private Dictionary<string, string> Attributes()
    {
        var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (_position < source.Length && source[_position] != '>')
        {
            if (LiquidSkipper.TrySkip(source, ref _position))
            {
                continue;
            }

            if (char.IsWhiteSpace(source[_position]) || source[_position] is '/' or '=' or '"' or '\'' or '{')
            {
                _position++;
            }
            else
            {
                var name = Until(c => char.IsWhiteSpace(c) || c is '=' or '>' or '/' or '"' or '\'' or '{');
                SkipBlanks();
                attributes.TryAdd(name, _position < source.Length && source[_position] == '=' ? Value() : "");
            }
        }

        _position = Math.Min(_position + 1, source.Length);
        return attributes;
    }

    private string Value()
    {
        _position++;
        SkipBlanks();
        if (_position >= source.Length || source[_position] is not ('"' or '\''))
        {
            return WebUtility.HtmlDecode(Until(c => char.IsWhiteSpace(c) || c == '>'));
        }

        var quote = source[_position++];
        var value = Until(c => c == quote);
        _position = Math.Min(_position + 1, source.Length);
        return WebUtility.HtmlDecode(value);
    }

    private string Until(Func<char, bool> ends)
    {
        var start = _position;
        while (_position < source.Length && !ends(source[_position]))
        {
            if (!LiquidSkipper.TrySkip(source, ref _position))
            {
                _position++;
            }
        }

        return source[start.._position];
    }

    private void SkipBlanks()
    {
        while (_position < source.Length && char.IsWhiteSpace(source[_position]))
        {
            _position++;
        }
    }

    private int Behind(string end, int from) =>
        from < source.Length && source.IndexOf(end, from, StringComparison.Ordinal) is var at and >= 0 ? at + end.Length : source.Length;
}
