// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Mail.Merging;

namespace Tutti.Mail.Links;

/// <summary>Puts markers in the place of bare URLs in the source of a text part; nothing else of the source changes.</summary>
internal static class TextLinks
{
    /// <summary>Rewrites a source.</summary>
    public static string Mark(string source, LinkList links)
    {
        var result = new StringBuilder(source.Length + 64);
        var copied = 0;
        var position = 0;
        while (position < source.Length)
        {
            if (LiquidSkipper.TrySkip(source, ref position))
            {
                continue;
            }

            if (!StartsUrl(source, position))
            {
                position++;
                continue;
            }

            var end = End(source, position);
            var written = source[position..end];
            if (links.Take(ContentPart.Text, written, written, () => written) is { } marker)
            {
                result.Append(source, copied, position - copied).Append(marker);
                copied = end;
            }

            position = end;
        }

        return copied == 0 ? source : result.Append(source, copied, source.Length - copied).ToString();
    }

    private static bool StartsUrl(string source, int position)
    {
        if (source[position] is not ('h' or 'H') || (position > 0 && char.IsLetterOrDigit(source[position - 1])))
        {
            return false;
        }

        var rest = source.AsSpan(position);
        var scheme = Starts(rest, "https://") ? 8 : Starts(rest, "http://") ? 7 : 0;
        return scheme > 0 && rest.Length > scheme && (char.IsLetterOrDigit(rest[scheme]) || rest[scheme] is '[' or '{');
    }

    private static bool Starts(ReadOnlySpan<char> text, string with) => text.StartsWith(with, StringComparison.OrdinalIgnoreCase);

    private static int End(string source, int start)
    {
        var position = start;
        var behindLiquid = start;
        while (position < source.Length && !char.IsWhiteSpace(source[position]) && source[position] is not ('<' or '>' or '"'))
        {
            if (LiquidSkipper.TrySkip(source, ref position))
            {
                behindLiquid = position;
            }
            else
            {
                position++;
            }
        }

        // A full stop or bracket behind a URL belongs to the sentence.
        while (position > behindLiquid && IsPunctuation(source, start, position))
        {
            position--;
        }

        return position;
    }

    private static bool IsPunctuation(string source, int start, int end) => source[end - 1] switch
    {
        '.' or ',' or ';' or ':' or '!' or '?' or '\'' or '*' or '_' => true,
        ')' => Opens(source, start, end, '(') < Opens(source, start, end, ')'),
        ']' => Opens(source, start, end, '[') < Opens(source, start, end, ']'),
        _ => false,
    };

    private static int Opens(string source, int start, int end, char bracket) => source.AsSpan(start, end - start).Count(bracket);
}
