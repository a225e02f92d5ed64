// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Links;

/// <summary>Unsigned numbers in as few bytes as possible, seven bits a byte, the lowest first; longer spellings are refused.</summary>
internal static class Varint
{
    public static int Write(ulong value, Span<byte> destination)
    {
        var length = 0;
        while (value >= 0x80)
        {
            destination[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[length++] = (byte)value;
        return length;
    }

    public static bool TryRead(ref ReadOnlySpan<byte> bytes, ulong max, out ulong value)
    {
        value = 0;
        for (var i = 0; i < bytes.Length && i < 10; i++)
        {
            var bits = (ulong)(bytes[i] & 0x7F);
            if (i == 9 && bits > 1)
            {
                return false;
            }

            value |= bits << (7 * i);
            if (bytes[i] < 0x80)
            {
                var shortest = i == 0 || bits != 0;
                bytes = bytes[(i + 1)..];
                return shortest && value <= max;
            }
        }

        return false;
    }
}
