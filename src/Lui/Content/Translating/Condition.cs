// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Tutti.Lui.Content.Translating;

/// <summary>The condition of a block: comparisons of fields and values, joined by AND or by OR.</summary>
internal static partial class Condition
{
    private static readonly Dictionary<string, string> _operators = new(StringComparer.Ordinal)
    {
        ["="] = "==",
        ["^="] = "!=",
        ["<>"] = "!=",
        ["¬="] = "!=",
        ["<"] = "<",
        ["<="] = "<=",
        ["=<"] = "<=",
        [">"] = ">",
        [">="] = ">=",
        ["=>"] = ">=",
    };

    /// <summary>Translates a condition; false if it holds something else than such comparisons.</summary>
    /// <param name="written">As it stands behind the directive.</param>
    /// <param name="nameOf">How a field is called in Liquid.</param>
    /// <param name="liquid">The condition in Liquid.</param>
    public static bool TryTranslate(string written, Func<string, string> nameOf, [NotNullWhen(true)] out string? liquid)
    {
        liquid = null;
        var parts = Joint().Replace(written.Trim(), "\n").Split('\n');
        var joints = Joint().Matches(written.Trim()).Select(match => match.Groups["joint"].Value.ToLowerInvariant()).Distinct().ToList();

        // Liquid reads a mixture of both from the right; LISTSERV's order is not known.
        if (joints.Count > 1)
        {
            return false;
        }

        var comparisons = new List<string>();
        foreach (var part in parts)
        {
            if (Comparison().Match(part.Trim()) is not { Success: true } comparison || !_operators.TryGetValue(comparison.Groups["operator"].Value, out var sign)
                || ValueOf(comparison.Groups["left"].Value, nameOf) is not { } left || ValueOf(comparison.Groups["right"].Value, nameOf) is not { } right)
            {
                return false;
            }

            comparisons.Add($"{left} {sign} {right}");
        }

        liquid = string.Join($" {joints.FirstOrDefault()} ", comparisons);
        return true;
    }

    /// <summary>A field, a number or a text; null if it is something else.</summary>
    private static string? ValueOf(string written, Func<string, string> nameOf)
    {
        var text = written.Trim();
        if (text.StartsWith('&'))
        {
            var name = text[1..].TrimEnd(';');
            return Name().IsMatch(name) ? nameOf(name) : null;
        }

        text = text is ['"', .., '"'] or ['\'', .., '\''] ? text[1..^1] : text;
        var isCode = text.Length > 1 && text[0] == '0' && text[1] != '.';
        return !isCode && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _) ? text
            : text.AsSpan().ContainsAny('&', '(', ')') || text.Contains("%}", StringComparison.Ordinal) ? null
            : !text.Contains('"', StringComparison.Ordinal) ? $"\"{text}\""
            : !text.Contains('\'', StringComparison.Ordinal) ? $"'{text}'"
            : null;
    }

    [GeneratedRegex(@"[ \t]+(?<joint>AND|OR)[ \t]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Joint();

    [GeneratedRegex(@"^(?<left>.*?)[ \t]*(?<operator>\^=|¬=|<>|<=|=<|>=|=>|=|<|>)[ \t]*(?<right>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Comparison();

    [GeneratedRegex(@"^\*?[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
