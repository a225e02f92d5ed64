// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Architecture.Tests.Words;

/// <summary>Calls in a source text, cut into their arguments.</summary>
internal static class Calls
{
    /// <summary>The arguments of every call whose beginning, with its bracket, is given.</summary>
    public static IEnumerable<IReadOnlyList<string>> Of(string source, string beginning)
    {
        for (var at = source.IndexOf(beginning, StringComparison.Ordinal); at >= 0; at = source.IndexOf(beginning, at + 1, StringComparison.Ordinal))
        {
            yield return Arguments(source, at + beginning.Length);
        }
    }

    /// <summary>Where the bracket that is open at a position closes.</summary>
    public static int Close(string source, int at)
    {
        var depth = 1;
        for (; at < source.Length; at++)
        {
            at = SkipString(source, at);
            depth += source[at] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return at;
            }
        }

        return source.Length - 1;
    }

    private static List<string> Arguments(string source, int from)
    {
        List<string> arguments = [];
        var end = Close(source, from);
        var (start, depth) = (from, 0);
        for (var at = from; at < end; at++)
        {
            at = SkipString(source, at);
            depth += source[at] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
            if (depth == 0 && source[at] == ',')
            {
                arguments.Add(source[start..at].Trim());
                start = at + 1;
            }
        }

        arguments.Add(source[start..end].Trim());
        return arguments;
    }

    // The last character of the string or character that begins here; the position itself if none does.
    private static int SkipString(string source, int at)
    {
        if (source[at] == '\'' && at + 2 < source.Length && (source[at + 2] == '\'' || source[at + 1] == '\\'))
        {
            return source.IndexOf('\'', at + 2);
        }

        if (source[at] != '"')
        {
            return at;
        }

        for (at++; at < source.Length - 1 && source[at] != '"'; at++)
        {
            at += source[at] == '\\' ? 1 : 0;
        }

        return at;
    }
}
