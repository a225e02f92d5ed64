// SPDX-License-Identifier: Apache-2.0
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Certificates.Keystores;

namespace Tutti.Wiring.Certificates;

/// <summary>Writes PKCS#12 that <c>keytool</c> and <c>openssl</c> read with the same aliases: AES-256, PBKDF2 with HMAC-SHA-256, checksum with SHA-256.</summary>
public static class Pkcs12Writer
{
    /// <summary>The mark by which Java knows a trusted certificate; without it such an entry does not exist for Java.</summary>
    internal const string TrustedKeyUsage = "2.16.840.1.113894.746875.1.1";

    private const string FriendlyName = "1.2.840.113549.1.9.20";
    private const string AnyPurpose = "2.5.29.37.0";
    private const int Rounds = 10_000;

    /// <summary>The bytes of a keystore.</summary>
    /// <param name="keys">Private keys; each is written with its whole chain.</param>
    /// <param name="trusted">Trusted certificates.</param>
    /// <param name="password">The password of store and keys.</param>
    public static byte[] Write(IEnumerable<KeyEntry> keys, IEnumerable<TrustedEntry> trusted, string password)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(trusted);
        ArgumentNullException.ThrowIfNull(password);
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Rounds);
        var keyBags = new Pkcs12SafeContents();
        var certificateBags = new Pkcs12SafeContents();
        HashSet<string> written = [];
        foreach (var (entry, number) in keys.Select((entry, index) => (entry, index + 1)))
        {
            var id = new Pkcs9LocalKeyId([.. SHA256.HashData(entry.Certificate.RawData), (byte)number]);
            using var key = PrivateKeys.Of(entry.Certificate);
            var keyBag = keyBags.AddShroudedKey(key, password, encryption);
            keyBag.Attributes.Add(Named(entry.Alias));
            keyBag.Attributes.Add(id);
            var own = certificateBags.AddCertificate(Public(entry.Certificate));
            own.Attributes.Add(Named(entry.Alias));
            own.Attributes.Add(id);
            foreach (var above in entry.Root is { } root ? entry.Chain.Append(root) : entry.Chain)
            {
                // Two entries below one authority share what stands above them.
                if (written.Add(above.Thumbprint))
                {
                    certificateBags.AddCertificate(Public(above));
                }
            }
        }

        foreach (var entry in trusted)
        {
            var bag = certificateBags.AddCertificate(Public(entry.Certificate));
            bag.Attributes.Add(Named(entry.Alias));
            bag.Attributes.Add(new AsnEncodedData(new Oid(TrustedKeyUsage), Encode(writer => writer.WriteObjectIdentifier(AnyPurpose))));
        }

        var file = new Pkcs12Builder();
        file.AddSafeContentsUnencrypted(keyBags);
        file.AddSafeContentsEncrypted(certificateBags, password, encryption);
        file.SealWithMac(password, HashAlgorithmName.SHA256, Rounds);
        return file.Encode();
    }

    private static X509Certificate2 Public(X509Certificate2 certificate) => X509CertificateLoader.LoadCertificate(certificate.RawData);

    private static AsnEncodedData Named(string alias) => new(new Oid(FriendlyName), Encode(writer => writer.WriteCharacterString(UniversalTagNumber.BMPString, alias)));

    private static byte[] Encode(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }
}
