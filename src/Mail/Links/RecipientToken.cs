// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Tutti.Mail.Links;

/// <summary>
/// Turns row numbers of recipients into opaque 64-bit tokens and back, without an index: a keyed permutation of all 64-bit numbers.
/// Who lacks the secret can tell neither the number nor the order of two tokens.
/// </summary>
/// <remarks>
/// A balanced Feistel network of eight rounds over halves of 32 bits; the round function is SipHash-2-4 with a key of its own per round,
/// derived from the secret by HMAC-SHA256. Tokens travel inside a <see cref="LinkToken"/>, which is what makes them unforgeable.
/// </remarks>
public sealed class RecipientToken
{
    private const int Rounds = 8;

    private readonly (ulong K0, ulong K1)[] _keys = new (ulong, ulong)[Rounds];

    /// <summary>Prepares the permutation of a secret.</summary>
    /// <param name="secret">32 bytes; the same secret gives the same tokens for ever.</param>
    public RecipientToken(ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, 32);
        Span<byte> key = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> label = stackalloc byte["tutti recipient round ?".Length];
        "tutti recipient round "u8.CopyTo(label);
        for (var round = 0; round < Rounds; round++)
        {
            label[^1] = (byte)round;
            HMACSHA256.HashData(secret, label, key);
            _keys[round] = (BinaryPrimitives.ReadUInt64LittleEndian(key), BinaryPrimitives.ReadUInt64LittleEndian(key[8..]));
        }
    }

    /// <summary>The token of a row.</summary>
    public ulong OfRow(ulong row)
    {
        var left = (uint)(row >> 32);
        var right = (uint)row;
        for (var round = 0; round < Rounds; round++)
        {
            (left, right) = (right, left ^ Round(round, right));
        }

        return ((ulong)left << 32) | right;
    }

    /// <summary>The row of a token.</summary>
    public ulong ToRow(ulong token)
    {
        var left = (uint)(token >> 32);
        var right = (uint)token;
        for (var round = Rounds - 1; round >= 0; round--)
        {
            (left, right) = (right ^ Round(round, left), left);
        }

        return ((ulong)left << 32) | right;
    }

    /// <summary>SipHash-2-4 of four bytes.</summary>
    private uint Round(int round, uint half)
    {
        var (k0, k1) = _keys[round];
        var v0 = k0 ^ 0x736f6d6570736575UL;
        var v1 = k1 ^ 0x646f72616e646f6dUL;
        var v2 = k0 ^ 0x6c7967656e657261UL;
        var v3 = k1 ^ 0x7465646279746573UL;
        var block = (4UL << 56) | half;
        v3 ^= block;
        Mix(ref v0, ref v1, ref v2, ref v3);
        Mix(ref v0, ref v1, ref v2, ref v3);
        v0 ^= block;
        v2 ^= 0xff;
        Mix(ref v0, ref v1, ref v2, ref v3);
        Mix(ref v0, ref v1, ref v2, ref v3);
        Mix(ref v0, ref v1, ref v2, ref v3);
        Mix(ref v0, ref v1, ref v2, ref v3);
        return (uint)(v0 ^ v1 ^ v2 ^ v3);
    }

    private static void Mix(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v2 += v3;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
