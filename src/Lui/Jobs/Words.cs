// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Jobs;

/// <summary>Enums as words in tables and in REST: lower case, with hyphens.</summary>
internal static class Words
{
    /// <summary>The word for a value: <c>NotYetPossible</c> is <c>not-yet-possible</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>The value of a word. Throws if there is none.</summary>
    public static T To<T>(string word)
        where T : struct, Enum => TryTo<T>(word, out var value) ? value : throw new FormatException($"'{word}' is no {typeof(T).Name}.");

    /// <summary>True and the value of a word, or false.</summary>
    public static bool TryTo<T>(string word, out T value)
        where T : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (string.Equals(Of(candidate), word, StringComparison.OrdinalIgnoreCase))
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }
}
