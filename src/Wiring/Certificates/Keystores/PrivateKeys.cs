// SPDX-License-Identifier: Apache-2.0
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Certificates.Keystores;

/// <summary>The kinds of private keys a server can show itself with.</summary>
internal static class PrivateKeys
{
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string Ec = "1.2.840.10045.2.1";

    private static readonly Dictionary<string, string> _otherTypes = new(StringComparer.Ordinal)
    {
        ["1.2.840.113549.1.1.10"] = "RSA-PSS",
        ["1.2.840.10040.4.1"] = "DSA",
        ["1.3.101.110"] = "X25519",
        ["1.3.101.111"] = "X448",
        ["1.3.101.112"] = "Ed25519",
        ["1.3.101.113"] = "Ed448",
    };

    private static readonly string[] _curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];

    /// <summary>Makes a key usable; the refusal's message is the name of its type.</summary>
    public static Outcome<AsymmetricAlgorithm> Import(byte[] pkcs8)
    {
        try
        {
            var information = Pkcs8PrivateKeyInfo.Decode(pkcs8, out _, skipCopy: true);
            var algorithm = information.AlgorithmId.Value ?? "";
            if (algorithm == Rsa)
            {
                var rsa = RSA.Create();
                rsa.ImportPkcs8PrivateKey(pkcs8, out _);
                return rsa;
            }

            if (algorithm == Ec)
            {
                var curve = Curve(information.AlgorithmParameters);
                if (!_curves.Contains(curve))
                {
                    return Unsupported(curve is null ? "EC with a curve of its own" : $"EC {new Oid(curve).FriendlyName ?? curve}");
                }

                var ec = ECDsa.Create();
                ec.ImportPkcs8PrivateKey(pkcs8, out _);
                return ec;
            }

            return Unsupported(_otherTypes.GetValueOrDefault(algorithm, algorithm));
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException or PlatformNotSupportedException)
        {
            return Unsupported("unknown");
        }
    }

    /// <summary>True if the certificate was made for this key.</summary>
    public static bool Fits(AsymmetricAlgorithm key, X509Certificate2 certificate) =>
        key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(certificate.PublicKey.ExportSubjectPublicKeyInfo());

    /// <summary>A certificate with its private key.</summary>
    public static X509Certificate2 Join(X509Certificate2 certificate, AsymmetricAlgorithm key) => key switch
    {
        RSA rsa => certificate.CopyWithPrivateKey(rsa),
        ECDsa ec => certificate.CopyWithPrivateKey(ec),
        _ => throw new ArgumentException("Neither RSA nor EC.", nameof(key)),
    };

    /// <summary>The private key of a certificate; the caller disposes it.</summary>
    public static AsymmetricAlgorithm Of(X509Certificate2 certificate) =>
        (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey() ?? throw new ArgumentException("The certificate has no private key.", nameof(certificate));

    private static string? Curve(ReadOnlyMemory<byte>? parameters) =>
        parameters is { } encoded && new AsnReader(encoded, AsnEncodingRules.BER) is var reader && reader.PeekTag() == Asn1Tag.ObjectIdentifier ? reader.ReadObjectIdentifier() : null;

    private static Refusal Unsupported(string type) => new(RefusalKind.Invalid, "ssl.key-unsupported", type);
}
