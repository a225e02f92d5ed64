// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Formats.Asn1;

namespace Tutti.Wiring.Certificates.Keystores;

/// <summary>What a file is by its first bytes.</summary>
internal enum KeystoreFormat
{
    /// <summary>PKCS#12, complete as far as its length tells.</summary>
    Pkcs12,

    /// <summary>Java's own format of old.</summary>
    Jks,

    /// <summary>Java's format with stronger encryption, read by Java alone.</summary>
    Jceks,

    /// <summary>BouncyCastle's own format.</summary>
    Bks,

    /// <summary>Text between BEGIN and END lines.</summary>
    Pem,

    /// <summary>A certificate or a bundle of certificates, without a key.</summary>
    Certificate,

    /// <summary>It starts well and ends too early.</summary>
    Truncated,

    /// <summary>Nothing in it.</summary>
    Empty,

    /// <summary>None of the above.</summary>
    Unknown,
}

/// <summary>Tells keystores and what is taken for one apart, so that the message can say how to go on.</summary>
internal static class KeystoreFormats
{
    private const uint JksMagic = 0xFEEDFEED;
    private const uint JceksMagic = 0xCECECECE;

    // Version 1 or 2, then the length of a salt of 20 bytes.
    private const uint BksSalt = 20;

    public static KeystoreFormat Of(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
        {
            return KeystoreFormat.Empty;
        }

        if (content.Length >= 8)
        {
            var magic = BinaryPrimitives.ReadUInt32BigEndian(content);
            switch (magic)
            {
                case JksMagic: return KeystoreFormat.Jks;
                case JceksMagic: return KeystoreFormat.Jceks;
                case 1 or 2 when BinaryPrimitives.ReadUInt32BigEndian(content[4..]) == BksSalt: return KeystoreFormat.Bks;
            }
        }

        if (content.IndexOf("-----BEGIN "u8) >= 0)
        {
            return KeystoreFormat.Pem;
        }

        return content[0] == 0x30 ? OfSequence(content) : KeystoreFormat.Unknown;
    }

    private static KeystoreFormat OfSequence(ReadOnlySpan<byte> content)
    {
        try
        {
            if (AsnDecoder.TryReadEncodedValue(content, AsnEncodingRules.BER, out var tag, out var offset, out _, out _) && tag.HasSameClassAndValue(Asn1Tag.Sequence) && offset < content.Length)
            {
                return content[offset] switch
                {
                    (byte)UniversalTagNumber.Integer => KeystoreFormat.Pkcs12,
                    (byte)UniversalTagNumber.ObjectIdentifier or 0x30 => KeystoreFormat.Certificate,
                    _ => KeystoreFormat.Unknown,
                };
            }
        }
        catch (AsnContentException)
        {
            return KeystoreFormat.Unknown;
        }

        // A length that promises more than there is. What promises more than any keystore holds is no keystore.
        var startsWell = content.Length > 8 && content[..8].IndexOf<byte>(0x02) > 0;
        return startsWell ? KeystoreFormat.Truncated : KeystoreFormat.Unknown;
    }
}
