// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Tutti.Mail.Merging;

/// <summary>Refuses templates that are nested so deeply that parsing or rendering them would overflow the stack, which no process survives.</summary>
internal static class NestingGuard
{
    private const int MaxBlocks = 40;
    private const int MaxBrackets = 20;
    private const int MaxTag = 4000;

    private static readonly SearchValues<char> _letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz");
    private static readonly HashSet<string> _blocks = ["if", "unless", "for", "case", "capture", "tablerow", "ifchanged", "macro", "comment", "raw", "doc"];

    /// <summary>What is wrong, and where; null if nothing is.</summary>
    public static (int Position, string Message)? Check(string source)
    {
        var depth = 0;
        for (var at = source.IndexOf('{', StringComparison.Ordinal); at >= 0 && at + 1 < source.Length; at = source.IndexOf('{', at))
        {
            if (source[at + 1] is not ('{' or '%'))
            {
                at++;
                continue;
            }

            var end = source.IndexOf(source[at + 1] == '%' ? "%}" : "}}", at + 2, StringComparison.Ordinal);
            var inside = source.AsSpan(at + 2, (end < 0 ? source.Length : end) - at - 2);
            if (inside.Length > MaxTag)
            {
                return (at, $"A tag is longer than {MaxTag} characters or not closed.");
            }

            if (Brackets(inside) > MaxBrackets)
            {
                return (at, $"Brackets are nested more than {MaxBrackets} deep.");
            }

            depth += source[at + 1] == '%' ? Change(inside) : 0;
            if (depth > MaxBlocks)
            {
                return (at, $"Blocks are nested more than {MaxBlocks} deep.");
            }

            at += 2;
        }

        return null;
    }

    private static int Change(ReadOnlySpan<char> tag)
    {
        var name = tag.TrimStart("- \t\r\n");
        name = name[..(name.IndexOfAnyExcept(_letters) is var end and >= 0 ? end : name.Length)];
        var blocks = _blocks.GetAlternateLookup<ReadOnlySpan<char>>();
        return blocks.Contains(name) ? 1 : name.StartsWith("end", StringComparison.Ordinal) && blocks.Contains(name[3..]) ? -1 : 0;
    }

    private static int Brackets(ReadOnlySpan<char> tag)
    {
        var depth = 0;
        var deepest = 0;
        foreach (var c in tag)
        {
            depth += c is '[' or '(' ? 1 : c is ']' or ')' ? -1 : 0;
            deepest = Math.Max(deepest, depth);
        }

        return deepest;
    }
}
