// SPDX-License-Identifier: Apache-2.0
using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Certificates;

/// <summary>Which keys and signatures are strong enough: RSA from 2048 bits, EC from 256, no MD5, no SHA-1.</summary>
internal static class CertificateStrength
{
    private const int SmallestRsa = 2048;
    private const int LargestOwnRsa = 4096;
    private const int SmallestEc = 256;
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string RsaPss = "1.2.840.113549.1.1.10";
    private const string Ec = "1.2.840.10045.2.1";
    private const string Sha1 = "1.3.14.3.2.26";

    private static readonly Dictionary<string, string> _weakSignatures = new(StringComparer.Ordinal)
    {
        ["1.2.840.113549.1.1.2"] = "MD2",
        ["1.2.840.113549.1.1.3"] = "MD4",
        ["1.2.840.113549.1.1.4"] = "MD5",
        ["1.2.840.113549.1.1.5"] = "SHA-1",
        ["1.3.14.3.2.29"] = "SHA-1",
        ["1.2.840.10045.4.1"] = "SHA-1",
        ["1.2.840.10040.4.3"] = "SHA-1",
    };

    private static readonly string[] _modernKeys = ["1.3.101.112", "1.3.101.113"];

    /// <summary>Checks a certificate and the intermediates above it.</summary>
    public static Refusal? Check(IReadOnlyList<X509Certificate2> path, CertificateUse use, CertificateRules rules)
    {
        foreach (var certificate in path)
        {
            if ((WeakKey(certificate) ?? WeakSignature(certificate)) is { } weakness)
            {
                return CertificateRefusals.Weak(path[0], certificate, weakness, use, rules);
            }
        }

        var isOwn = use is CertificateUse.Own or CertificateUse.OwnForHttps;
        return isOwn && path[0].PublicKey.Oid.Value == Rsa && RsaBits(path[0]) > LargestOwnRsa
            ? CertificateRefusals.Weak(path[0], path[0], $"has an RSA key longer than {LargestOwnRsa} bits, which no peer needs to accept", use, rules)
            : null;
    }

    /// <summary>A clause that says what is weak about the key, or null.</summary>
    public static string? WeakKey(X509Certificate2 certificate)
    {
        var type = certificate.PublicKey.Oid.Value;
        if (type is Rsa or RsaPss)
        {
            var bits = RsaBits(certificate);
            return bits < SmallestRsa ? string.Create(CultureInfo.InvariantCulture, $"has an RSA key of {bits} bits; {SmallestRsa} are the least") : null;
        }

        if (type == Ec)
        {
            var bits = EcBits(certificate);
            return bits < SmallestEc ? string.Create(CultureInfo.InvariantCulture, $"has an EC key of {bits} bits; {SmallestEc} are the least") : null;
        }

        return _modernKeys.Contains(type) ? null : $"has a key of an old type ({certificate.PublicKey.Oid.FriendlyName ?? type})";
    }

    private static string? WeakSignature(X509Certificate2 certificate)
    {
        var algorithm = certificate.SignatureAlgorithm.Value ?? "";
        var hash = _weakSignatures.GetValueOrDefault(algorithm) ?? (algorithm == RsaPss && IsSha1Pss(certificate) ? "SHA-1" : null);
        return hash is null ? null : $"is signed with {hash}";
    }

    private static int RsaBits(X509Certificate2 certificate)
    {
        try
        {
            var modulus = new AsnReader(certificate.PublicKey.EncodedKeyValue.RawData, AsnEncodingRules.BER).ReadSequence().ReadInteger();
            return (int)modulus.GetBitLength();
        }
        catch (AsnContentException)
        {
            return 0;
        }
    }

    private static int EcBits(X509Certificate2 certificate)
    {
        try
        {
            using var key = certificate.GetECDsaPublicKey();
            return key?.KeySize ?? 0;
        }
        catch (CryptographicException)
        {
            // A curve that nobody knows.
            return 0;
        }
    }

    // RFC 4055 §3.1: where the parameters say nothing of the hash it is SHA-1.
    private static bool IsSha1Pss(X509Certificate2 certificate)
    {
        try
        {
            var parts = new AsnReader(certificate.RawData, AsnEncodingRules.BER).ReadSequence();
            parts.ReadEncodedValue();
            var algorithm = parts.ReadSequence();
            algorithm.ReadObjectIdentifier();
            var parameters = algorithm.ReadSequence();
            var hashTag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
            return !parameters.HasData || !parameters.PeekTag().HasSameClassAndValue(hashTag)
                || parameters.ReadSequence(hashTag).ReadSequence().ReadObjectIdentifier() == Sha1;
        }
        catch (AsnContentException)
        {
            return true;
        }
    }
}
