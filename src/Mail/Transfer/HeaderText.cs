// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Text;

namespace Tutti.Mail.Transfer;

/// <summary>Unstructured header text: folded (RFC 5322 §2.2.3), and as encoded words (RFC 2047) where it is not plain ASCII.</summary>
internal static class HeaderText
{
    /// <summary>How much of the first line the header's name may have used.</summary>
    private const int FirstColumn = 20;

    private const int MaxColumn = 76;
    private const int MaxWord = 60;

    // An encoded word has at most 75 characters: "=?utf-8?B?" and "?=" leave 63, which hold 45 bytes of base64.
    private const int BytesPerWord = 45;

    /// <summary>Writes a text. Runs of blanks and line breaks count as one blank; there is none at the ends.</summary>
    public static void Write(ref ByteWriter writer, string text)
    {
        text = Collapse(text);
        if (IsPlain(text))
        {
            WriteFolded(ref writer, text);
        }
        else
        {
            WriteEncodedWords(ref writer, text, FirstColumn);
        }
    }

    /// <summary>Writes a text as encoded words.</summary>
    /// <param name="writer">Receives the bytes.</param>
    /// <param name="text">Without line breaks.</param>
    /// <param name="column">Columns already used on the line.</param>
    public static void WriteEncodedWords(ref ByteWriter writer, scoped ReadOnlySpan<char> text, int column)
    {
        Span<byte> bytes = stackalloc byte[BytesPerWord];
        Span<byte> base64 = stackalloc byte[64];
        var room = Math.Min(BytesPerWord, (MaxColumn - 12 - column) / 4 * 3);
        var first = true;
        while (!text.IsEmpty)
        {
            // A word ends between two characters (RFC 2047 §5).
            var used = 0;
            var length = 0;
            while (used < text.Length)
            {
                Rune.DecodeFromUtf16(text[used..], out var rune, out var consumed);
                if (length + rune.Utf8SequenceLength > room)
                {
                    break;
                }

                length += rune.EncodeToUtf8(bytes[length..]);
                used += consumed;
            }

            if (!first)
            {
                writer.Write("\r\n "u8);
            }

            Base64.EncodeToUtf8(bytes[..length], base64, out _, out var written);
            writer.Write("=?utf-8?B?"u8);
            writer.Write(base64[..written]);
            writer.Write("?="u8);
            text = text[used..];
            first = false;
            room = BytesPerWord;
        }
    }

    /// <summary>Makes one line of a text.</summary>
    public static string Collapse(string text)
    {
        if (!NeedsCollapsing(text))
        {
            return text;
        }

        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsControl(c) && c is not (' ' or '\u2028' or '\u2029'))
            {
                line.Append(c);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.ToString().TrimEnd(' ');
    }

    /// <summary>Printable ASCII that nobody could take for an encoded word, in words that can be folded?</summary>
    public static bool IsPlain(ReadOnlySpan<char> text)
    {
        if (text.ContainsAnyExceptInRange(' ', '~') || text.Contains("=?", StringComparison.Ordinal))
        {
            return false;
        }

        while (text.Length > MaxWord)
        {
            var blank = text.IndexOf(' ');
            if (blank is < 0 or > MaxWord)
            {
                return false;
            }

            text = text[(blank + 1)..];
        }

        return true;
    }

    private static bool NeedsCollapsing(string text)
    {
        if (text.Length == 0)
        {
            return false;
        }

        if (text[0] == ' ' || text[^1] == ' ' || text.Contains("  ", StringComparison.Ordinal))
        {
            return true;
        }

        foreach (var c in text)
        {
            if (char.IsControl(c) || c is '\u2028' or '\u2029')
            {
                return true;
            }
        }

        return false;
    }

    private static void WriteFolded(ref ByteWriter writer, scoped ReadOnlySpan<char> text)
    {
        // Words are short enough (see IsPlain) that every full line has a blank to fold at.
        var column = FirstColumn;
        while (text.Length > MaxColumn - column)
        {
            var blank = text[..(MaxColumn - column + 1)].LastIndexOf(' ');
            if (blank <= 0)
            {
                blank = text[1..].IndexOf(' ') + 1;
            }

            if (blank <= 0)
            {
                break;
            }

            writer.WriteAscii(text[..blank]);
            writer.Write("\r\n"u8);
            text = text[blank..];
            column = 0;
        }

        writer.WriteAscii(text);
    }
}
