// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Text;
using Tutti.Frame.Words;

namespace Tutti.Lui.Recipients.Csv;

/// <summary>A column of a recipients file.</summary>
/// <param name="Name">The merge field; valid, and unlike all others in any case.</param>
/// <param name="Given">As the header has it; empty without a header.</param>
/// <param name="Problem">What is wrong with the given name, in words, or null.</param>
internal sealed record Column(string Name, string Given, string? Problem);

/// <summary>Names of columns become merge fields: letters, digits and underscores, a letter first.</summary>
internal static class ColumnNames
{
    /// <summary>Longest name.</summary>
    public const int MaxLength = 64;

    // Room in an adapted name for "FIELD250_" before it or "_250" after it.
    private const int Reserve = 14;

    private static readonly SearchValues<char> _allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    /// <summary>FIELD1, FIELD2 and so on, for files without a header.</summary>
    public static IReadOnlyList<Column> Numbered(int count) => [.. Enumerable.Range(1, count).Select(number => new Column(Numbered(number - 1, ""), "", null))];

    /// <summary>Checks the names of a header and finds the nearest valid one for each that is not.</summary>
    public static IReadOnlyList<Column> FromHeader(IReadOnlyList<string> header)
    {
        var columns = new List<Column>(header.Count);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in header.Where(name => ProblemOf(name) is null))
        {
            taken.Add(name);
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var given in header)
        {
            var problem = ProblemOf(given) ?? (seen.Contains(given) ? RecipientsWords.NameTwice : null);
            var name = problem is null ? given : Free(Nearest(given, columns.Count), taken);
            taken.Add(name);
            seen.Add(given);
            columns.Add(new Column(name, given, problem));
        }

        return columns;
    }

    /// <summary>What is wrong with a name, in words that follow it, or null.</summary>
    public static string? ProblemOf(string name) => name switch
    {
        "" => RecipientsWords.NameEmpty,
        { Length: > MaxLength } => SharedWords.Fill(RecipientsWords.NameTooLong, SharedWords.Number(MaxLength)),
        _ when !char.IsAsciiLetter(name[0]) => RecipientsWords.NameNoLetter,
        _ when name.AsSpan().ContainsAnyExcept(_allowed) => RecipientsWords.NameOtherSigns,
        _ => null,
    };

    private static string Nearest(string given, int index)
    {
        var name = new StringBuilder();
        foreach (var character in given.Trim().Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(character))
            {
                name.Append(character);
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark && name.Length > 0 && name[^1] != '_')
            {
                name.Append('_');
            }

            if (name.Length == MaxLength - Reserve)
            {
                break;
            }
        }

        var trimmed = name.ToString().Trim('_');
        return trimmed.Length == 0 ? Numbered(index, "") : char.IsAsciiLetter(trimmed[0]) ? trimmed : Numbered(index, "_" + trimmed);
    }

    private static string Numbered(int index, string rest) => string.Create(CultureInfo.InvariantCulture, $"FIELD{index + 1}{rest}");

    private static string Free(string name, HashSet<string> taken)
    {
        var free = name;
        for (var number = 2; taken.Contains(free); number++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
        }

        return free;
    }
}
