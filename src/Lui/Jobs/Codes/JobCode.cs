// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tutti.Lui.Jobs.Codes;

/// <summary>
/// The name that people use for a job: the local date of its creation and a letter. After Z the letter is doubled:
/// the 27th job of a day ends in AA, the 28th in BB, the 53rd in AAA. Before it may stand a prefix that people choose, with a hyphen.
/// </summary>
internal static class JobCode
{
    /// <summary>Longest prefix in characters.</summary>
    public const int MaxPrefix = 10;

    private const int Letters = 26;

    /// <summary>The code of a day's job.</summary>
    /// <param name="day">Local date of the installation.</param>
    /// <param name="number">From 1.</param>
    public static string Of(DateOnly day, long number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        var letter = (char)('A' + ((number - 1) % Letters));
        var times = (int)((number - 1) / Letters) + 1;
        return DayOf(day) + new string(letter, times);
    }

    /// <summary>A code with a prefix; the same without one.</summary>
    public static string WithPrefix(string prefix, string code) => prefix.Length == 0 ? code : $"{prefix}-{code}";

    /// <summary>The prefix of a code; empty if it has none.</summary>
    public static string PrefixOf(string code) => code.IndexOf('-', StringComparison.Ordinal) is >= 0 and var hyphen ? code[..hyphen] : "";

    /// <summary>Whether that is a prefix, or nothing: capital letters and digits, a letter first, so that no code reads like a number.</summary>
    public static bool IsPrefix(string text) => text.Length == 0 || (text.Length <= MaxPrefix && char.IsAsciiLetterUpper(text[0]) && text.All(one => char.IsAsciiLetterUpper(one) || char.IsAsciiDigit(one)));

    /// <summary>True and the day and the place of a code; false if that is none.</summary>
    public static bool TryRead(string code, out string day, out long number)
    {
        (day, number) = (code[..Math.Min(6, code.Length)], 0);
        if (code.Length is < 7 or > 64 || !DateOnly.TryParseExact(day, "yyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) || code[6] is < 'A' or > 'Z' || code.AsSpan(6).ContainsAnyExcept(code[6]))
        {
            return false;
        }

        number = ((code.Length - 7L) * Letters) + (code[6] - 'A') + 1;
        return true;
    }

    /// <summary>The part of the code that says the day: YYMMDD.</summary>
    public static string DayOf(DateOnly day) => day.ToString("yyMMdd", CultureInfo.InvariantCulture);
}
