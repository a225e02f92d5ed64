// SPDX-License-Identifier: Apache-2.0
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Certificates.Keystores;

/// <summary>
/// Reads PKCS#12 bag by bag: the framework's own loader drops aliases and refuses a whole file for one key that it does not know.
/// </summary>
internal static class Pkcs12Reader
{
    /// <summary>Most rounds of key derivation that are tried; hardened files have 600,000.</summary>
    public const int MostRounds = 2_000_000;

    private const string FriendlyName = "1.2.840.113549.1.9.20";
    private const string LocalKeyId = "1.2.840.113549.1.9.21";

    /// <summary>The bags of a file; where the framework lacks an algorithm, as read by BouncyCastle.</summary>
    public static Outcome<KeystoreBags> Read(string path, byte[] content, string password)
    {
        var isOpened = false;
        try
        {
            if (Pkcs12Rounds.Most(content) is var rounds && rounds > MostRounds)
            {
                return KeystoreRefusals.TooManyRounds(path, rounds);
            }

            var file = Pkcs12Info.Decode(content, out _, skipCopy: true);
            var bags = new KeystoreBags();
            if (file.IntegrityMode == Pkcs12IntegrityMode.None)
            {
                bags.Warnings.Add($"{path} has no checksum: nobody would notice a change. Write it again with tutti cert or keytool.");
            }
            else if (file.IntegrityMode != Pkcs12IntegrityMode.Password)
            {
                return KeystoreRefusals.Damaged(path, "it is protected by a key, not by a password.");
            }
            else if (!file.VerifyMac(password))
            {
                return KeystoreRefusals.WrongPassword(path);
            }

            isOpened = file.IntegrityMode == Pkcs12IntegrityMode.Password;
            foreach (var contents in file.AuthenticatedSafe)
            {
                Open(contents, password);
                foreach (var bag in contents.GetBags())
                {
                    if (Add(path, bags, bag, password, isOpened) is { } refusal)
                    {
                        return refusal;
                    }
                }
            }

            return bags;
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException or PlatformNotSupportedException)
        {
            // Old ciphers that this system has switched off, or a form that only others read.
            return JavaKeystoreReader.ReadPkcs12(path, content, password) switch
            {
                { IsRefused: false } read => read,
                _ when !isOpened && Pkcs12Rounds.IsEncrypted(content) => KeystoreRefusals.WrongPassword(path),
                _ => KeystoreRefusals.Damaged(path, exception.Message.ReplaceLineEndings(" ")),
            };
        }
    }

    private static void Open(Pkcs12SafeContents contents, string password)
    {
        if (contents.ConfidentialityMode == Pkcs12ConfidentialityMode.Password)
        {
            contents.Decrypt(password);
        }
        else if (contents.ConfidentialityMode != Pkcs12ConfidentialityMode.None)
        {
            throw new CryptographicException("A part is protected by a key, not by a password.");
        }
    }

    private static Refusal? Add(string path, KeystoreBags bags, Pkcs12SafeBag bag, string password, bool isOpened)
    {
        var alias = Attribute(bag, FriendlyName) is { } name ? Text(name) : null;
        var keyId = Attribute(bag, LocalKeyId) is { } id ? Convert.ToHexString(id) : null;
        switch (bag)
        {
            case Pkcs12CertBag { IsX509Certificate: true } certificate:
                bags.Certificates.Add(new CertificateBag(alias, keyId, Attribute(bag, Pkcs12Writer.TrustedKeyUsage) is not null, certificate.GetCertificate()));
                break;
            case Pkcs12KeyBag key:
                bags.Warnings.Add($"{path} holds the key '{alias}' without encryption. Write it again with tutti cert or keytool.");
                bags.Keys.Add(new KeyBag(alias, keyId, key.Pkcs8PrivateKey.ToArray()));
                break;
            case Pkcs12ShroudedKeyBag key:
                if (Pkcs12Rounds.OfKey(key.EncryptedPkcs8PrivateKey) is var rounds && rounds > MostRounds)
                {
                    return KeystoreRefusals.TooManyRounds(path, rounds);
                }

                try
                {
                    bags.Keys.Add(new KeyBag(alias, keyId, Pkcs8PrivateKeyInfo.DecryptAndDecode(password, key.EncryptedPkcs8PrivateKey, out _).Encode()));
                }
                catch (CryptographicException) when (JavaKeystoreReader.OpenKey(key.EncryptedPkcs8PrivateKey, password) is { } opened)
                {
                    bags.Keys.Add(new KeyBag(alias, keyId, opened));
                }
                catch (CryptographicException)
                {
                    return isOpened ? KeystoreRefusals.KeyPassword(path, alias ?? "1") : KeystoreRefusals.WrongPassword(path);
                }

                break;
            case Pkcs12SafeContentsBag nested:
                Open(nested.SafeContents!, password);
                return nested.SafeContents!.GetBags().Select(inner => Add(path, bags, inner, password, isOpened)).FirstOrDefault(refusal => refusal is not null);
        }

        return null;
    }

    private static byte[]? Attribute(Pkcs12SafeBag bag, string oid)
    {
        foreach (var attribute in bag.Attributes)
        {
            if (attribute.Oid.Value == oid && attribute.Values.Count > 0)
            {
                return attribute.Values[0].RawData;
            }
        }

        return null;
    }

    private static string Text(byte[] encoded) => AsnDecoder.ReadCharacterString(encoded, AsnEncodingRules.BER, UniversalTagNumber.BMPString, out _);
}
