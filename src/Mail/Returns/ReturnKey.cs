// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Security.Cryptography;
using Tutti.Mail.Links;

namespace Tutti.Mail.Returns;

/// <summary>Seals (delivery, recipient) into a <see cref="ReturnToken"/> and opens it again.</summary>
/// <remarks>
/// Derived from a link key for this use alone, so that a token of one kind never passes for the other. Sealing is a synthetic
/// initialisation vector: the MAC of the numbers is also what their key stream is made of, so a token is the same at every attempt,
/// tells nobody a number, and cannot be changed.
/// </remarks>
public sealed class ReturnKey
{
    internal const int MacBytes = 10;
    internal const int SealedBytes = 2 * sizeof(ulong);
    private const byte MacLabel = 1;
    private const byte StreamLabel = 2;

    private readonly byte[] _key;
    private readonly KeyedMac _mac;

    /// <summary>Derives it.</summary>
    public ReturnKey(LinkKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Id = key.Id;
        _key = HMACSHA256.HashData(key.Secret, "tutti return path"u8);
        _mac = new KeyedMac(_key);
    }

    /// <summary>Number of the link key it comes from; stands in every token.</summary>
    public int Id { get; }

    /// <summary>Whether both seal alike.</summary>
    public bool IsSameAs(ReturnKey other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Id == other.Id && CryptographicOperations.FixedTimeEquals(_key, other._key);
    }

    /// <summary>The token of a recipient.</summary>
    public string Seal(ulong job, ulong recipient)
    {
        Span<byte> bytes = stackalloc byte[ReturnToken.Bytes];
        Span<byte> plain = stackalloc byte[SealedBytes];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)Id);
        BinaryPrimitives.WriteUInt64BigEndian(plain, job);
        BinaryPrimitives.WriteUInt64BigEndian(plain[sizeof(ulong)..], recipient);
        var mac = bytes.Slice(sizeof(ushort), MacBytes);
        Mac(plain, mac);
        Mix(mac, plain);
        plain.CopyTo(bytes[(sizeof(ushort) + MacBytes)..]);
        return Base32.Encode(bytes);
    }

    internal bool TryOpen(ReadOnlySpan<byte> token, out ulong job, out ulong recipient)
    {
        Span<byte> plain = stackalloc byte[SealedBytes];
        Span<byte> right = stackalloc byte[MacBytes];
        var mac = token.Slice(sizeof(ushort), MacBytes);
        token[(sizeof(ushort) + MacBytes)..].CopyTo(plain);
        Mix(mac, plain);
        Mac(plain, right);
        job = BinaryPrimitives.ReadUInt64BigEndian(plain);
        recipient = BinaryPrimitives.ReadUInt64BigEndian(plain[sizeof(ulong)..]);
        return CryptographicOperations.FixedTimeEquals(right, mac);
    }

    private void Mac(ReadOnlySpan<byte> plain, Span<byte> mac)
    {
        Span<byte> text = stackalloc byte[1 + sizeof(ushort) + SealedBytes];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        text[0] = MacLabel;
        BinaryPrimitives.WriteUInt16BigEndian(text[1..], (ushort)Id);
        plain.CopyTo(text[(1 + sizeof(ushort))..]);
        _mac.Hash(text, hash);
        hash[..MacBytes].CopyTo(mac);
    }

    private void Mix(ReadOnlySpan<byte> mac, Span<byte> text)
    {
        Span<byte> label = stackalloc byte[1 + MacBytes];
        Span<byte> stream = stackalloc byte[HMACSHA256.HashSizeInBytes];
        label[0] = StreamLabel;
        mac.CopyTo(label[1..]);
        _mac.Hash(label, stream);
        for (var index = 0; index < text.Length; index++)
        {
            text[index] ^= stream[index];
        }
    }
}
