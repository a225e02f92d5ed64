// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;

namespace Tutti.Mail.Transfer;

/// <summary>
/// RFC 2045 §6.7. Lines have at most 76 characters and never start with a dot or "From ", so neither SMTP nor old mail stores have to touch them.
/// </summary>
internal static class QuotedPrintable
{
    // One column is kept for the "=" of a soft line break.
    private const int MaxColumn = 75;

    private static readonly SearchValues<byte> _literal = SearchValues.Create(
        " !\"#$%&'()*+,-./0123456789:;<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    /// <summary>Encodes a stretch of text. Line breaks of any kind become CRLF.</summary>
    /// <param name="writer">Receives the bytes.</param>
    /// <param name="text">The stretch; a blank at its end is encoded, because it may turn out to end a line.</param>
    /// <param name="column">Where on the line the stretch starts and, afterwards, ends.</param>
    public static void Write(ref ByteWriter writer, scoped ReadOnlySpan<char> text, ref int column)
    {
        var rented = text.Length > 256 ? ArrayPool<byte>.Shared.Rent(text.Length * 3) : null;
        var utf8 = rented ?? stackalloc byte[768];
        Write(ref writer, utf8[..Encoding.UTF8.GetBytes(text, utf8)], ref column);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <inheritdoc cref="Write(ref ByteWriter, ReadOnlySpan{char}, ref int)"/>
    public static void Write(ref ByteWriter writer, scoped ReadOnlySpan<byte> bytes, ref int column)
    {
        while (!bytes.IsEmpty)
        {
            var run = bytes.IndexOfAnyExcept(_literal);
            if (run < 0)
            {
                run = bytes.Length;
            }

            if (run > 0)
            {
                WriteRun(ref writer, bytes[..run], run == bytes.Length || bytes[run] is (byte)'\r' or (byte)'\n', ref column);
                bytes = bytes[run..];
                continue;
            }

            if (bytes[0] is (byte)'\r' or (byte)'\n')
            {
                writer.Write("\r\n"u8);
                column = 0;
                bytes = bytes[(bytes[0] == '\r' && bytes.Length > 1 && bytes[1] == '\n' ? 2 : 1)..];
                continue;
            }

            // A tab in the middle of a line could stay; encoded it is safe everywhere.
            WriteEncoded(ref writer, bytes[0], ref column);
            bytes = bytes[1..];
        }
    }

    /// <summary>Ends a line that has something on it without ending the line of the text.</summary>
    public static void SoftBreak(ref ByteWriter writer, ref int column)
    {
        if (column > 0)
        {
            writer.Write("=\r\n"u8);
            column = 0;
        }
    }

    private static void WriteRun(ref ByteWriter writer, scoped ReadOnlySpan<byte> run, bool endsLine, ref int column)
    {
        var blankAtEnd = endsLine && run[^1] == ' ';
        if (blankAtEnd)
        {
            run = run[..^1];
        }

        while (!run.IsEmpty)
        {
            if (column >= MaxColumn)
            {
                SoftBreak(ref writer, ref column);
            }

            if (column == 0 && (run[0] == '.' || run.StartsWith("From "u8)))
            {
                WriteEncoded(ref writer, run[0], ref column);
                run = run[1..];
                continue;
            }

            var length = Math.Min(run.Length, MaxColumn - column);
            writer.Write(run[..length]);
            column += length;
            run = run[length..];
        }

        if (blankAtEnd)
        {
            WriteEncoded(ref writer, (byte)' ', ref column);
        }
    }

    private static void WriteEncoded(ref ByteWriter writer, byte value, ref int column)
    {
        if (column > MaxColumn - 3)
        {
            SoftBreak(ref writer, ref column);
        }

        var room = writer.Reserve(3);
        room[0] = (byte)'=';
        room[1] = (byte)"0123456789ABCDEF"[value >> 4];
        room[2] = (byte)"0123456789ABCDEF"[value & 15];
        writer.Advance(3);
        column += 3;
    }
}
