// SPDX-License-Identifier: Apache-2.0
using System.Formats.Asn1;
using System.Numerics;

namespace Tutti.Wiring.Certificates.Keystores;

/// <summary>How often a PKCS#12 file wants its password hashed, read before anything is hashed (RFC 7292, RFC 8018).</summary>
internal static class Pkcs12Rounds
{
    private const string EncryptedData = "1.2.840.113549.1.7.6";
    private const string Pbes2 = "1.2.840.113549.1.5.13";

    private static readonly Asn1Tag _content = new(TagClass.ContextSpecific, 0, isConstructed: true);

    /// <summary>The largest number of rounds among the checksum and the encrypted parts; keys are looked at one by one.</summary>
    public static long Most(ReadOnlyMemory<byte> file)
    {
        var pfx = new AsnReader(file, AsnEncodingRules.BER).ReadSequence();
        pfx.ReadInteger();
        var most = 1L;
        foreach (var part in Parts(pfx.ReadSequence()))
        {
            var encrypted = part.ReadSequence();
            encrypted.ReadInteger();
            var information = encrypted.ReadSequence();
            information.ReadObjectIdentifier();
            most = Math.Max(most, OfAlgorithm(information.ReadSequence()));
        }

        if (pfx.HasData)
        {
            var mac = pfx.ReadSequence();
            mac.ReadSequence();
            mac.ReadOctetString();
            most = Math.Max(most, mac.HasData ? Bounded(mac.ReadInteger()) : 1);
        }

        return most;
    }

    /// <summary>True if a password is needed to see what is in it.</summary>
    public static bool IsEncrypted(ReadOnlyMemory<byte> file)
    {
        try
        {
            var pfx = new AsnReader(file, AsnEncodingRules.BER).ReadSequence();
            pfx.ReadInteger();
            return Parts(pfx.ReadSequence()).Any();
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary>The rounds of one encrypted key.</summary>
    public static long OfKey(ReadOnlyMemory<byte> encryptedPkcs8) => OfAlgorithm(new AsnReader(encryptedPkcs8, AsnEncodingRules.BER).ReadSequence().ReadSequence());

    private static IEnumerable<AsnReader> Parts(AsnReader authenticatedSafe)
    {
        authenticatedSafe.ReadObjectIdentifier();
        var octets = authenticatedSafe.ReadSequence(_content).ReadOctetString();
        var parts = new AsnReader(octets, AsnEncodingRules.BER).ReadSequence();
        while (parts.HasData)
        {
            var part = parts.ReadSequence();
            if (part.ReadObjectIdentifier() == EncryptedData)
            {
                yield return part.ReadSequence(_content);
            }
        }
    }

    private static long OfAlgorithm(AsnReader algorithm)
    {
        var isPbes2 = algorithm.ReadObjectIdentifier() == Pbes2;
        var parameters = algorithm.ReadSequence();
        if (isPbes2)
        {
            var derivation = parameters.ReadSequence();
            derivation.ReadObjectIdentifier();
            parameters = derivation.ReadSequence();
        }

        parameters.ReadOctetString();
        return Bounded(parameters.ReadInteger());
    }

    private static long Bounded(BigInteger rounds) => rounds > long.MaxValue ? long.MaxValue : (long)rounds;
}
