// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tutti.Lui.Recipients.Csv;

/// <summary>The encodings that recipients files come in.</summary>
internal enum TextEncoding
{
    /// <summary>With or without a byte order mark.</summary>
    Utf8,

    /// <summary>As written by Windows.</summary>
    Utf16Le,

    /// <summary>The other byte order.</summary>
    Utf16Be,

    /// <summary>Western European, also what is called ISO 8859-1 in most files.</summary>
    Windows1252,
}

/// <summary>Recognises encodings, and opens files as UTF-8 whatever they are.</summary>
internal static class TextEncodings
{
    private const int Block = 256 * 1024;

    /// <summary>The name as it is written in requests and shown: utf-8, utf-16le, utf-16be, windows-1252.</summary>
    public static string NameOf(TextEncoding encoding) => encoding switch
    {
        TextEncoding.Utf8 => "utf-8",
        TextEncoding.Utf16Le => "utf-16le",
        TextEncoding.Utf16Be => "utf-16be",
        TextEncoding.Windows1252 => "windows-1252",
    };

    /// <summary>The encoding of a name, or null.</summary>
    public static TextEncoding? Parse(string? name) => name?.Trim().ToLowerInvariant() switch
    {
        "utf-8" or "utf8" => TextEncoding.Utf8,
        "utf-16le" or "utf-16" or "utf16" => TextEncoding.Utf16Le,
        "utf-16be" => TextEncoding.Utf16Be,
        "windows-1252" or "cp1252" or "iso-8859-1" or "latin1" => TextEncoding.Windows1252,
        _ => null,
    };

    /// <summary>Recognises the encoding of a file from all of its bytes; memory does not grow with it.</summary>
    public static TextEncoding Recognise(string path)
    {
        using var file = File.OpenRead(path);
        var buffer = new byte[Block];
        var (kept, wellFormed, malformed) = (0, 0L, 0L);
        for (var isFirst = true; ; isFirst = false)
        {
            var read = file.ReadAtLeast(buffer.AsSpan(kept), buffer.Length - kept, throwOnEndOfStream: false);
            var block = buffer.AsSpan(0, kept + read);
            if (isFirst && FromStart(block) is { } certain)
            {
                return certain;
            }

            var isLast = kept + read < buffer.Length;
            kept = Count(block, isLast, ref wellFormed, ref malformed);
            if (isLast)
            {
                // A file in two encodings counts as the one that most of it is in; lines in the other are set apart later.
                return malformed == 0 || wellFormed > malformed ? TextEncoding.Utf8 : TextEncoding.Windows1252;
            }

            block[^kept..].CopyTo(buffer);
        }
    }

    /// <summary>Opens a file as a stream of UTF-8 without a byte order mark.</summary>
    public static Stream OpenAsUtf8(FileStream file, TextEncoding encoding)
    {
        Span<byte> start = stackalloc byte[3];
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        start = start[..read];
        var mark = encoding switch
        {
            TextEncoding.Utf8 when start.SequenceEqual(Encoding.UTF8.Preamble) => 3,
            TextEncoding.Utf16Le when start.StartsWith(Encoding.Unicode.Preamble) => 2,
            TextEncoding.Utf16Be when start.StartsWith(Encoding.BigEndianUnicode.Preamble) => 2,
            _ => 0,
        };
        file.Position = mark;
        return encoding switch
        {
            TextEncoding.Utf8 => file,
            TextEncoding.Utf16Le => Encoding.CreateTranscodingStream(file, Encoding.Unicode, Encoding.UTF8),
            TextEncoding.Utf16Be => Encoding.CreateTranscodingStream(file, Encoding.BigEndianUnicode, Encoding.UTF8),
            TextEncoding.Windows1252 => Encoding.CreateTranscodingStream(file, CodePagesEncodingProvider.Instance.GetEncoding(1252)!, Encoding.UTF8),
        };
    }

    private static TextEncoding? FromStart(ReadOnlySpan<byte> block)
    {
        if (block.StartsWith(Encoding.UTF8.Preamble))
        {
            return TextEncoding.Utf8;
        }

        if (block.StartsWith(Encoding.Unicode.Preamble))
        {
            return TextEncoding.Utf16Le;
        }

        if (block.StartsWith(Encoding.BigEndianUnicode.Preamble))
        {
            return TextEncoding.Utf16Be;
        }

        // UTF-16 without a mark: western text has a NUL in every second byte.
        var (even, odd, sample) = (0, 0, Math.Min(block.Length, 4096));
        for (var i = 0; i < sample; i++)
        {
            if (block[i] == 0)
            {
                _ = i % 2 == 0 ? even++ : odd++;
            }
        }

        return odd > sample / 4 && even < odd / 8 ? TextEncoding.Utf16Le : even > sample / 4 && odd < even / 8 ? TextEncoding.Utf16Be : null;
    }

    // Returns how many bytes at the end belong to a character that is not complete yet.
    private static int Count(ReadOnlySpan<byte> block, bool isLast, ref long wellFormed, ref long malformed)
    {
        while (true)
        {
            var ascii = block.IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
            if (ascii < 0)
            {
                return 0;
            }

            block = block[ascii..];
            var status = Rune.DecodeFromUtf8(block, out _, out var length);
            if (status == System.Buffers.OperationStatus.NeedMoreData && !isLast)
            {
                return block.Length;
            }

            _ = status == System.Buffers.OperationStatus.Done ? wellFormed++ : malformed++;
            block = block[length..];
        }
    }
}
