// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;

namespace Tutti.Mail.Transfer;

/// <summary>Base64 in lines of 76 characters, each with CRLF (RFC 2045 §6.8).</summary>
public static class Base64Lines
{
    private const int BytesOfLine = 57;

    /// <summary>Bytes that so many bytes become.</summary>
    public static long SizeOf(long size) => (size + 2) / 3 * 4 + ((size + BytesOfLine - 1) / BytesOfLine * 2);

    /// <summary>Encodes a file.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> bytes)
    {
        var encoded = new byte[SizeOf(bytes.Length)];
        var room = encoded.AsSpan();
        for (var left = bytes; !left.IsEmpty; left = left[Math.Min(BytesOfLine, left.Length)..])
        {
            Base64.EncodeToUtf8(left[..Math.Min(BytesOfLine, left.Length)], room, out _, out var written);
            "\r\n"u8.CopyTo(room[written..]);
            room = room[(written + 2)..];
        }

        return encoded;
    }
}
