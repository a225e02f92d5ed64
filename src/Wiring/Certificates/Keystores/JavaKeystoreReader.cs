// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Certificates.Keystores;

/// <summary>What the framework cannot read: JKS, and PKCS#12 with ciphers that this system's OpenSSL has put away.</summary>
internal static class JavaKeystoreReader
{
    /// <summary>Reads Java's own format.</summary>
    public static Outcome<KeystoreBags> Read(string path, byte[] content, string password)
    {
        var store = new JksStore();
        try
        {
            store.Load(new MemoryStream(content), password.AsSpan());
        }
        catch (EndOfStreamException)
        {
            return KeystoreRefusals.WrongFormat(path, KeystoreFormat.Truncated);
        }
        catch (IOException)
        {
            // The checksum at the end covers password and content alike; a readable structure speaks for the content.
            return IsWhole(content) ? KeystoreRefusals.WrongPassword(path) : KeystoreRefusals.WrongFormat(path, KeystoreFormat.Truncated);
        }
        catch (Exception exception) when (exception is GeneralSecurityException or ArgumentException or InvalidOperationException)
        {
            return KeystoreRefusals.Damaged(path, exception.Message);
        }

        var bags = new KeystoreBags();
        foreach (var alias in store.Aliases)
        {
            if (!store.IsKeyEntry(alias))
            {
                bags.Certificates.Add(new CertificateBag(alias, null, IsTrusted: true, ToFramework(store.GetCertificate(alias))));
                continue;
            }

            try
            {
                bags.Keys.Add(new KeyBag(alias, alias, PrivateKeyInfoFactory.CreatePrivateKeyInfo(store.GetKey(alias, password.AsSpan())).GetEncoded()));
            }
            catch (Exception exception) when (exception is IOException or GeneralSecurityException)
            {
                return KeystoreRefusals.KeyPassword(path, alias);
            }

            AddChain(bags, alias, store.GetCertificateChain(alias));
        }

        return bags;
    }

    /// <summary>Reads PKCS#12; the refusal only says that it did not work.</summary>
    public static Outcome<KeystoreBags> ReadPkcs12(string path, byte[] content, string password)
    {
        try
        {
            var store = new Pkcs12StoreBuilder().Build();
            store.Load(new MemoryStream(content), password.ToCharArray());
            var bags = new KeystoreBags();
            foreach (var alias in store.Aliases)
            {
                if (store.IsKeyEntry(alias))
                {
                    bags.Keys.Add(new KeyBag(alias, alias, PrivateKeyInfoFactory.CreatePrivateKeyInfo(store.GetKey(alias).Key).GetEncoded()));
                    AddChain(bags, alias, [.. store.GetCertificateChain(alias).Select(link => link.Certificate)]);
                }
                else
                {
                    bags.Certificates.Add(new CertificateBag(alias, null, IsTrusted: true, ToFramework(store.GetCertificate(alias).Certificate)));
                }
            }

            return bags;
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            return KeystoreRefusals.WrongPassword(path);
        }
    }

    /// <summary>Opens one encrypted key, or gives null.</summary>
    public static byte[]? OpenKey(ReadOnlyMemory<byte> encryptedPkcs8, string password)
    {
        try
        {
            var information = Org.BouncyCastle.Asn1.Pkcs.EncryptedPrivateKeyInfo.GetInstance(Org.BouncyCastle.Asn1.Asn1Object.FromByteArray(encryptedPkcs8.ToArray()));
            return PrivateKeyInfoFactory.CreatePrivateKeyInfo(password.ToCharArray(), information).GetEncoded();
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            return null;
        }
    }

    // It has no exception of its own for "not like this".
    private static bool IsRefusal(Exception exception) =>
        exception is IOException or GeneralSecurityException or SecurityUtilityException or CryptoException or ArgumentException or InvalidOperationException or InvalidCastException or NotSupportedException;

    private static bool IsWhole(byte[] content)
    {
        try
        {
            new JksStore().LoadUnchecked(new MemoryStream(content));
            return true;
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            return false;
        }
    }

    private static void AddChain(KeystoreBags bags, string alias, Org.BouncyCastle.X509.X509Certificate[] chain)
    {
        for (var link = 0; link < chain.Length; link++)
        {
            // Only the first belongs to the key; those above it are found by their signatures.
            bags.Certificates.Add(new CertificateBag(link == 0 ? alias : null, link == 0 ? alias : null, IsTrusted: false, ToFramework(chain[link])));
        }
    }

    private static X509Certificate2 ToFramework(Org.BouncyCastle.X509.X509Certificate certificate) => X509CertificateLoader.LoadCertificate(certificate.GetEncoded());
}
