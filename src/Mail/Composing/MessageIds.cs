// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Tutti.Mail.Links;
using Tutti.Mail.Transfer;

namespace Tutti.Mail.Composing;

/// <summary>Message-IDs that are the same at every attempt and tell nobody a recipient's number.</summary>
internal sealed class MessageIds
{
    private const int Length = 15;

    private readonly KeyedMac _mac;
    private readonly byte[] _end;

    public MessageIds(ComposerSettings settings)
    {
        if (settings.MessageIdDomain.Length is 0 or > 255 || settings.MessageIdDomain.AsSpan().ContainsAnyExceptInRange('-', 'z'))
        {
            throw new ArgumentException("The domain of Message-IDs must be a host name.", nameof(settings));
        }

        Span<byte> label = stackalloc byte["tutti message-id ".Length + sizeof(ulong)];
        "tutti message-id "u8.CopyTo(label);
        BinaryPrimitives.WriteUInt64BigEndian(label[^sizeof(ulong)..], settings.JobId);
        _mac = new KeyedMac(HMACSHA256.HashData(settings.Key.Secret, label));
        _end = Encoding.ASCII.GetBytes("@" + settings.MessageIdDomain + ">");
    }

    public void Write(ref ByteWriter writer, ulong recipientId)
    {
        Span<byte> id = stackalloc byte[sizeof(ulong)];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt64BigEndian(id, recipientId);
        _mac.Hash(id, hash);
        writer.Write((byte)'<');
        Convert.TryToHexStringLower(hash[..Length], writer.Reserve(2 * Length), out var written);
        writer.Advance(written);
        writer.Write(_end);
    }
}
