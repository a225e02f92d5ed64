// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Returns;

/// <summary>RFC 4648 §6 in small letters and without padding: survives programs that change the case of an address.</summary>
internal static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>How many characters so many bytes take.</summary>
    public static int LengthOf(int bytes) => ((bytes * 8) + 4) / 5;

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[LengthOf(bytes.Length)];
        var (bits, count, length) = (0, 0, 0);
        foreach (var value in bytes)
        {
            bits = (bits << 8) | value;
            count += 8;
            while (count >= 5)
            {
                count -= 5;
                text[length++] = Alphabet[(bits >> count) & 31];
            }

            bits &= (1 << count) - 1;
        }

        if (count > 0)
        {
            text[length++] = Alphabet[(bits << (5 - count)) & 31];
        }

        return new string(text[..length]);
    }

    /// <summary>Reads exactly as many bytes as there is room for. Capital letters are small ones; everything else has one spelling.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        if (text.Length != LengthOf(bytes.Length))
        {
            return false;
        }

        var (bits, count, length) = (0, 0, 0);
        foreach (var character in text)
        {
            var value = character switch
            {
                >= 'a' and <= 'z' => character - 'a',
                >= 'A' and <= 'Z' => character - 'A',
                >= '2' and <= '7' => character - '2' + 26,
                _ => -1,
            };
            if (value < 0)
            {
                return false;
            }

            bits = (bits << 5) | value;
            count += 5;
            if (count >= 8)
            {
                count -= 8;
                bytes[length++] = (byte)(bits >> count);
                bits &= (1 << count) - 1;
            }
        }

        return bits == 0;
    }
}
