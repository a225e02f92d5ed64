// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Tutti.Mail.Dkim;

/// <summary>An RSA key that signs the mail of a domain (RFC 6376, RFC 8301).</summary>
public sealed class DkimKey
{
    /// <summary>Length of new keys in bits. Longer ones do not fit every DNS and cost several times as much per message.</summary>
    public const int Bits = 2048;

    private const int ShortestAccepted = 1024;

    private readonly byte[] _pkcs8;

    private DkimKey(RSA rsa)
    {
        _pkcs8 = rsa.ExportPkcs8PrivateKey();
        PublicKey = Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo());
    }

    /// <summary>The public key as it stands behind <c>p=</c> in the DNS record.</summary>
    public string PublicKey { get; }

    /// <summary>Makes a new key.</summary>
    public static DkimKey Create()
    {
        using var rsa = RSA.Create(Bits);
        return new DkimKey(rsa);
    }

    /// <summary>Reads a key from PEM: PKCS#8 ("PRIVATE KEY") or PKCS#1 ("RSA PRIVATE KEY"), not encrypted, at least 1024 bits.</summary>
    public static bool TryReadPem(string pem, [NotNullWhen(true)] out DkimKey? key, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        key = null;
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
            problem = null;
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            problem = "This is no unencrypted RSA private key in PEM.";
            return false;
        }
    }

    /// <summary>The private key in PEM, PKCS#8, not encrypted.</summary>
    public string ToPem() => PemEncoding.WriteString("PRIVATE KEY", _pkcs8);

    internal RSA Open()
    {
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(_pkcs8, out _);
        return rsa;
    }
}
