// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Dkim;

/// <summary>What relaxed canonicalisation does to blanks.</summary>
internal static class RelaxedText
{
    /// <summary>Makes one blank of every run of blanks and tabs, and takes line breaks out; the number of bytes written.</summary>
    public static int Collapse(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var length = 0;
        var afterBlank = false;
        foreach (var c in text)
        {
            if (c is (byte)'\r' or (byte)'\n')
            {
                continue;
            }

            var blank = c is (byte)' ' or (byte)'\t';
            if (!blank || !afterBlank)
            {
                destination[length++] = blank ? (byte)' ' : c;
            }

            afterBlank = blank;
        }

        return length;
    }
}
