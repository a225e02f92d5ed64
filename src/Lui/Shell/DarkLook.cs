// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tutti.Lui.Shell;

/// <summary>
/// A message as dark mail programs show it: by its own rules for the dark where it has some, otherwise with its colours turned round, as those programs do
/// that have to help themselves.
/// </summary>
internal static partial class DarkLook
{
    private const string Turned = "<style>html{background:#fff;filter:invert(1) hue-rotate(180deg)}img,video,[background]{filter:invert(1) hue-rotate(180deg)}</style>";
    private const string Own = "<style>:root{color-scheme:dark}</style>";

    /// <summary>The message; its words stay what they are.</summary>
    public static string Of(string html) => Rule().IsMatch(html)
        ? Own + Rule().Replace(html, match => match.Groups[1].Value.Equals("dark", StringComparison.OrdinalIgnoreCase) ? "(min-width:0)" : "(max-width:0)")
        : Turned + html;

    [GeneratedRegex(@"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", RegexOptions.IgnoreCase)]
    private static partial Regex Rule();
}
