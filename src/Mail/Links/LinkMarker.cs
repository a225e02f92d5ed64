// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tutti.Mail.Links;

/// <summary>
/// How a link travels inside the value of a slot: U+0001, what it is, U+0002. Merge data never holds these characters, so a marker is always ours.
/// </summary>
public static class LinkMarker
{
    /// <summary>First character of a marker.</summary>
    public const char Start = '\u0001';

    /// <summary>Last character of a marker.</summary>
    public const char End = '\u0002';

    /// <summary>Stands for the open image's URL.</summary>
    public const string OpenImage = "\u0001O\u0002";

    /// <summary>Stands for the unsubscribe URL.</summary>
    public const string Unsubscribe = "\u0001U\u0002";

    /// <summary>Stands for the tracking URL of a link.</summary>
    public static string Of(uint link) => string.Create(CultureInfo.InvariantCulture, $"{Start}L{link}{End}");

    /// <summary>Reads the marker at the start of a text.</summary>
    /// <param name="text">Starts with <see cref="Start"/>.</param>
    /// <param name="kind">What it stands for.</param>
    /// <param name="link">Number of the link of a click, otherwise 0.</param>
    /// <param name="length">Characters of the marker.</param>
    /// <returns>False if this is no marker.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, out LinkKind kind, out uint link, out int length)
    {
        kind = default;
        link = 0;
        length = text.IndexOf(End) + 1;
        if (length < 3 || text[0] != Start)
        {
            return false;
        }

        kind = text[1] switch
        {
            'L' => LinkKind.Click,
            'O' => LinkKind.Open,
            'U' => LinkKind.Unsubscribe,
            _ => default,
        };
        var digits = text[2..(length - 1)];
        return kind == LinkKind.Click
            ? uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out link) && link != 0
            : kind != default && digits.IsEmpty;
    }
}
