// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tutti.Lui.Content.Editing;

/// <summary>The languages that the page offers; any other tag can be written, too.</summary>
internal static class Languages
{
    private static readonly string[] _tags =
    [
        "ar", "bg", "ca", "cs", "da", "de", "de-AT", "de-CH", "el", "en", "en-GB", "en-US", "es", "es-MX", "et", "fi", "fr", "fr-CA", "fr-CH", "he", "hr", "hu", "it", "ja", "ko",
        "lt", "lv", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sr", "sv", "tr", "uk", "vi", "zh",
    ];

    /// <summary>Tag and the language's own name.</summary>
    public static IReadOnlyList<(string Tag, string Name)> Offered { get; } = [.. _tags.Select(tag => (tag, CultureInfo.GetCultureInfo(tag).NativeName))];
}
