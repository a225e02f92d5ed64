// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Tutti.Mail.Links;
using Tutti.Mail.Merging.Filters;

namespace Tutti.Mail.Merging;

/// <summary>A name in the source of a template.</summary>
/// <param name="Name">As written.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="IsFilter">Is it the name of a filter, or of a field?</param>
public sealed record NamePlace(string Name, int Line, int Column, bool IsFilter);

/// <summary>
/// Finds where names stand in the source of a template: the parser tells which fields a template reads, but not where.
/// </summary>
public static class NamePlaces
{
    private static readonly SearchValues<char> _name = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    /// <summary>The places of these fields, and of filters that do not exist, in order.</summary>
    /// <param name="source">A template that parses.</param>
    /// <param name="fields">The fields to look for, whatever their case.</param>
    public static IReadOnlyList<NamePlace> Of(string source, IEnumerable<string> fields)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(fields);
        source = source.ReplaceLineEndings("\n");
        var wanted = new HashSet<string>(fields, StringComparer.OrdinalIgnoreCase);
        var places = new List<NamePlace>();
        for (var position = 0; position < source.Length;)
        {
            var start = position;
            if (LiquidSkipper.TrySkip(source, ref position))
            {
                Search(source, start + 2, EndOfTag(source, start), wanted, places);
            }
            else
            {
                position++;
            }
        }

        return places;
    }

    // A comment is skipped with what is in it; only its first tag is looked at.
    private static int EndOfTag(string source, int start) =>
        source.IndexOf(source[start + 1] == '%' ? "%}" : "}}", start + 2, StringComparison.Ordinal) is var end and >= 0 ? end : source.Length;

    private static void Search(string source, int from, int to, HashSet<string> wanted, List<NamePlace> places)
    {
        var before = ' ';
        for (var at = from; at < to;)
        {
            if (source[at] is '"' or '\'')
            {
                at = source.IndexOf(source[at], at + 1) is var end and >= 0 && end < to ? end + 1 : to;
                before = '"';
            }
            else if (char.IsAsciiLetter(source[at]) || source[at] == '_')
            {
                var length = source.AsSpan(at, to - at).IndexOfAnyExcept(_name) is var end and >= 0 ? end : to - at;
                var name = source.Substring(at, length);
                if (before == '|' ? !FilterNames.Contains(name) : before != '.' && wanted.Contains(name))
                {
                    var line = source.AsSpan(0, at);
                    places.Add(new NamePlace(name, line.Count('\n') + 1, at - line.LastIndexOf('\n'), before == '|'));
                }

                at += length;
                before = 'a';
            }
            else
            {
                before = char.IsWhiteSpace(source[at]) ? before : source[at];
                at++;
            }
        }
    }
}
