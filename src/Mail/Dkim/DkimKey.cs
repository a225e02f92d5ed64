// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace Tutti.Mail.Dkim;

/// <summary>A key that signs the mail of a domain: RSA (RFC 6376, RFC 8301) or Ed25519 (RFC 8463).</summary>
public sealed class DkimKey
{
    /// <summary>Length of new RSA keys in bits. Longer ones do not fit every DNS and cost several times as much per message.</summary>
    public const int Bits = 2048;

    private const int ShortestAccepted = 1024;

    /// <summary>What stands before the 32 bytes of an Ed25519 key in PKCS#8 without its public key (RFC 8410 section 7): programs that read nothing newer take it.</summary>
    private static readonly byte[] _pkcs8Start = [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

    private readonly byte[] _pkcs8;
    private readonly Ed25519PrivateKeyParameters? _curve;

    private DkimKey(RSA rsa)
    {
        Algorithm = DkimAlgorithm.Rsa;
        _pkcs8 = rsa.ExportPkcs8PrivateKey();
        PublicKey = Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo());
    }

    private DkimKey(Ed25519PrivateKeyParameters curve)
    {
        Algorithm = DkimAlgorithm.Ed25519;
        _curve = curve;

        _pkcs8 = [.. _pkcs8Start, .. curve.GetEncoded()];
        PublicKey = Convert.ToBase64String(curve.GeneratePublicKey().GetEncoded());
    }

    /// <summary>What kind of key it is.</summary>
    public DkimAlgorithm Algorithm { get; }

    /// <summary>The public key as it stands behind <c>p=</c> in the DNS record.</summary>
    public string PublicKey { get; }

    /// <summary>Makes a new key.</summary>
    public static DkimKey Create(DkimAlgorithm algorithm = DkimAlgorithm.Rsa)
    {
        if (algorithm == DkimAlgorithm.Ed25519)
        {
            return new DkimKey(new Ed25519PrivateKeyParameters(RandomNumberGenerator.GetBytes(Ed25519PrivateKeyParameters.KeySize)));
        }

        using var rsa = RSA.Create(Bits);
        return new DkimKey(rsa);
    }

    /// <summary>Reads a key from PEM: PKCS#8 ("PRIVATE KEY", RSA or Ed25519) or PKCS#1 ("RSA PRIVATE KEY"), not encrypted; RSA keys have 1024 bits at least.</summary>
    public static bool TryReadPem(string pem, [NotNullWhen(true)] out DkimKey? key, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        (key, problem) = (null, null);
        if (ReadEd25519(pem) is { } curve)
        {
            key = new DkimKey(curve);
            return true;
        }

        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            if (rsa.KeySize < ShortestAccepted)
            {
                problem = $"The key has {rsa.KeySize} bits; receivers take {ShortestAccepted} at least.";
                return false;
            }

            key = new DkimKey(rsa);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            problem = "This is no unencrypted RSA or Ed25519 private key in PEM.";
            return false;
        }
    }

    /// <summary>The private key in PEM, PKCS#8, not encrypted.</summary>
    public string ToPem() => PemEncoding.WriteString("PRIVATE KEY", _pkcs8);

    internal RSA OpenRsa()
    {
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(_pkcs8, out _);
        return rsa;
    }

    /// <summary>The signature of an Ed25519 key; it may be made by many threads at once.</summary>
    internal void SignWithCurve(byte[] data, byte[] signature) =>
        _curve!.Sign(Org.BouncyCastle.Math.EC.Rfc8032.Ed25519.Algorithm.Ed25519, null, data, 0, data.Length, signature, 0);

    private static Ed25519PrivateKeyParameters? ReadEd25519(string pem)
    {
        try
        {
            return PemEncoding.TryFind(pem, out var fields) && pem[fields.Label] == "PRIVATE KEY"
                ? PrivateKeyFactory.CreateKey(Convert.FromBase64String(pem[fields.Base64Data])) as Ed25519PrivateKeyParameters
                : null;
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or FormatException or InvalidCastException or SecurityUtilityException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>Kinds of signing keys.</summary>
public enum DkimAlgorithm
{
    /// <summary><c>rsa-sha256</c>, which every receiver can check (RFC 8301).</summary>
    Rsa,

    /// <summary><c>ed25519-sha256</c>: short and quick; goes beside an RSA signature, because not every receiver knows it (RFC 8463).</summary>
    Ed25519,
}
