// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tutti.Frame.Words;

/// <summary>Which form of a text goes with a count. A text with a count has its forms one after the other with a bar between: "{0} row|{0} rows".</summary>
internal static class PluralForms
{
    /// <summary>The form of a text that goes with the count, by the rule of the language (those of Unicode CLDR, for whole numbers).</summary>
    public static string Choose(string text, long count, CultureInfo language)
    {
        var forms = text.Split('|');
        var (known, form) = Rule(language.TwoLetterISOLanguageName, Math.Abs(count));

        // A text that is not translated has the two forms of English, whatever the language around it.
        return forms[Math.Min(known == forms.Length ? form : English(Math.Abs(count)), forms.Length - 1)];
    }

    private static (int Forms, int Form) Rule(string language, long n) => language switch
    {
        "ja" or "zh" or "ko" or "vi" or "th" or "id" or "ms" => (1, 0),
        "fr" => (2, n <= 1 ? 0 : 1),
        "cs" or "sk" => (3, n == 1 ? 0 : n is >= 2 and <= 4 ? 1 : 2),
        "pl" => (3, n == 1 ? 0 : IsFew(n) ? 1 : 2),
        "ru" or "uk" or "be" or "sr" or "hr" or "bs" => (3, IsOne(n) ? 0 : IsFew(n) ? 1 : 2),
        "lt" => (3, IsOne(n) ? 0 : n % 10 >= 2 && n % 100 is < 10 or > 20 ? 1 : 2),
        "ro" => (3, n == 1 ? 0 : n == 0 || n % 100 is >= 1 and <= 19 ? 1 : 2),
        "sl" => (4, (n % 100) switch { 1 => 0, 2 => 1, 3 or 4 => 2, _ => 3 }),
        _ => (2, English(n)),
    };

    private static int English(long n) => n == 1 ? 0 : 1;

    private static bool IsOne(long n) => n % 10 == 1 && n % 100 != 11;

    private static bool IsFew(long n) => n % 10 is >= 2 and <= 4 && n % 100 is < 12 or > 14;
}
