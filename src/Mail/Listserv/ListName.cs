// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Listserv;

/// <summary>Names of lists, as commands take them and as <c>LISTS OWNED</c> tells them.</summary>
public static class ListName
{
    /// <summary>Longest name in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>Whether a name can stand in a command and before an @: letters, digits, and between them hyphens, dots and underscores.</summary>
    public static bool IsSound(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= MaxLength && char.IsAsciiLetterOrDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_');
    }

    /// <summary>The names in an answer to <c>LISTS OWNED</c>: the first word of each line. A sentence, which says that there are none, gives none.</summary>
    public static IReadOnlyList<string> Read(IReadOnlyList<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return [.. lines.Where(line => !IsSentence(line)).Select(FirstWord).Where(IsSound).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private static string FirstWord(string line) => line.Trim().Split([' ', '\t'], 2)[0];

    /// <summary>Sentences end with a full stop and begin with a word that is not written in capitals, as names are.</summary>
    private static bool IsSentence(string line) => line.TrimEnd().EndsWith('.') && line.Contains(' ', StringComparison.Ordinal) && FirstWord(line).Any(char.IsAsciiLetterLower);
}
