// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Tutti.Testing;

/// <summary>What a certificate is to be like; without further words a good one for the first name.</summary>
public sealed record TestCertificate(params string[] Names)
{
    private static readonly DateTimeOffset _now = new(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);

    /// <summary>The day on which the tests run: certificates are valid around it unless told otherwise.</summary>
    public static DateTimeOffset Usual => _now;

    public string Subject { get; init; } = $"CN={(Names.Length > 0 ? Names[0] : "no name")}";

    public string KeyType { get; init; } = "ec256";

    /// <summary>A key that exists already, for renewed certificates.</summary>
    public AsymmetricAlgorithm? Key { get; init; }

    public HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

    public DateTimeOffset From { get; init; } = Usual.AddDays(-1);

    public DateTimeOffset Until { get; init; } = Usual.AddDays(90);

    /// <summary>Extended key usage: serverAuth, clientAuth, emailProtection, any, or an OID; null for no such extension.</summary>
    public string[]? Uses { get; init; } = ["serverAuth", "clientAuth"];

    public X509KeyUsageFlags? KeyUsages { get; init; } = X509KeyUsageFlags.DigitalSignature;

    public bool IsAuthority { get; init; }

    public string[] Addresses { get; init; } = [];

    public string[] Emails { get; init; } = [];

    /// <summary>False for a certificate with a common name only.</summary>
    public bool HasAlternativeNames { get; init; } = true;
}

/// <summary>A certificate that was issued.</summary>
/// <param name="Certificate">With its key, unless it was made from a request.</param>
/// <param name="Intermediates">Those above it, nearest first.</param>
/// <param name="Root">The root of all.</param>
public sealed record IssuedCertificate(X509Certificate2 Certificate, IReadOnlyList<X509Certificate2> Intermediates, X509Certificate2 Root)
{
    /// <summary>PEM text of the certificate and its intermediates.</summary>
    public string ToPem() => string.Join("\n", Intermediates.Prepend(Certificate).Select(certificate => certificate.ExportCertificatePem())) + "\n";

    /// <summary>A PKCS#12 keystore with this key.</summary>
    /// <param name="password">Of store and key.</param>
    /// <param name="alias">Name of the entry.</param>
    /// <param name="withIntermediates">False to leave the chain out.</param>
    public byte[] ToKeystore(string password, string alias = "server", bool withIntermediates = true) =>
        Keystore(password, withIntermediates ? [(alias, this)] : [(alias, this with { Intermediates = [] })]);

    /// <summary>A PKCS#12 keystore with several keys.</summary>
    public static byte[] Keystore(string password, params (string Alias, IssuedCertificate Issued)[] entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        var keys = new Pkcs12SafeContents();
        var certificates = new Pkcs12SafeContents();
        foreach (var (alias, issued) in entries)
        {
            var id = new Pkcs9LocalKeyId(Encoding.UTF8.GetBytes(alias));
            using var key = (AsymmetricAlgorithm?)issued.Certificate.GetRSAPrivateKey() ?? issued.Certificate.GetECDsaPrivateKey()!;
            var keyBag = keys.AddShroudedKey(key, password, encryption);
            keyBag.Attributes.Add(id);
            keyBag.Attributes.Add(Name(alias));
            var own = certificates.AddCertificate(issued.Certificate);
            own.Attributes.Add(id);
            own.Attributes.Add(Name(alias));
            foreach (var above in issued.Intermediates)
            {
                certificates.AddCertificate(above);
            }
        }

        return Seal(password, keys, certificates, encryption);
    }

    /// <summary>A PKCS#12 keystore with trusted certificates as Java marks them.</summary>
    public static byte[] TrustedRoots(string password, params X509Certificate2[] roots)
    {
        ArgumentNullException.ThrowIfNull(roots);
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        var certificates = new Pkcs12SafeContents();
        for (var number = 0; number < roots.Length; number++)
        {
            var bag = certificates.AddCertificate(roots[number]);
            bag.Attributes.Add(Name($"root{number + 1}"));
            bag.Attributes.Add(new AsnEncodedData(new Oid("2.16.840.1.113894.746875.1.1"), [0x06, 0x04, 0x55, 0x1D, 0x25, 0x00]));
        }

        return Seal(password, new Pkcs12SafeContents(), certificates, encryption);
    }

    private static byte[] Seal(string password, Pkcs12SafeContents keys, Pkcs12SafeContents certificates, PbeParameters encryption)
    {
        var file = new Pkcs12Builder();
        file.AddSafeContentsUnencrypted(keys);
        file.AddSafeContentsEncrypted(certificates, password, encryption);
        file.SealWithMac(password, HashAlgorithmName.SHA256, 1000);
        return file.Encode();
    }

    // BMPString
    private static AsnEncodedData Name(string alias) => new(new Oid("1.2.840.113549.1.9.20"), [0x1E, (byte)(alias.Length * 2), .. Encoding.BigEndianUnicode.GetBytes(alias)]);
}
