// SPDX-License-Identifier: Apache-2.0
using System.Drawing;
using System.Globalization;

namespace Tutti.Lui.Preflight.Rules;

/// <summary>Colours as they stand in the HTML of mails.</summary>
internal static class CssColour
{
    /// <summary>Reads #rgb, #rrggbb, rgb(…) and names; null for all else, also for what can be seen through.</summary>
    public static Color? Read(string? text)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (text[0] == '#')
        {
            return OfHex(text[1..]);
        }

        if (text.StartsWith("rgb(", StringComparison.OrdinalIgnoreCase) && text.EndsWith(')'))
        {
            return OfParts(text[4..^1].Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }

        var named = Color.FromName(text);
        return named is { IsKnownColor: true, IsSystemColor: false, A: 255 } ? named : null;
    }

    /// <summary>How well two colours can be told apart, from 1 to 21 (WCAG 2.2, contrast ratio).</summary>
    public static double Contrast(Color one, Color other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static Color? OfHex(string digits)
    {
        if (digits.Length == 3)
        {
            digits = string.Concat(digits.Select(digit => new string(digit, 2)));
        }

        return digits.Length == 6 && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? Color.FromArgb((value >> 16) & 255, (value >> 8) & 255, value & 255)
            : null;
    }

    private static Color? OfParts(string[] parts) =>
        parts.Length == 3 && byte.TryParse(parts[0], CultureInfo.InvariantCulture, out var red) && byte.TryParse(parts[1], CultureInfo.InvariantCulture, out var green)
        && byte.TryParse(parts[2], CultureInfo.InvariantCulture, out var blue)
            ? Color.FromArgb(red, green, blue)
            : null;

    private static double Luminance(Color colour) => (0.2126 * Linear(colour.R)) + (0.7152 * Linear(colour.G)) + (0.0722 * Linear(colour.B));

    private static double Linear(byte part)
    {
        var share = part / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }
}
