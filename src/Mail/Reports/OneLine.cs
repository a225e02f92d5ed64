// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tutti.Mail.Reports;

/// <summary>Words of strangers in one line.</summary>
internal static partial class OneLine
{
    private const int Longest = 500;

    /// <summary>Without line ends and control characters, at most 500 characters.</summary>
    public static string Of(string text)
    {
        var line = Spaces().Replace(text.Length > 8 * Longest ? text[..(8 * Longest)] : text, " ").Trim();
        line = string.Concat(line.Where(one => !char.IsControl(one)));
        return line.Length > Longest ? line[..Longest] : line;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
