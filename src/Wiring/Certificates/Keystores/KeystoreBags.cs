// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Certificates.Keystores;

/// <summary>A private key as the file holds it.</summary>
/// <param name="Alias">The name of the entry, or null.</param>
/// <param name="KeyId">What ties it to its certificate, or null.</param>
/// <param name="Pkcs8">The decrypted key.</param>
internal sealed record KeyBag(string? Alias, string? KeyId, byte[] Pkcs8);

/// <summary>A certificate as the file holds it.</summary>
/// <param name="Alias">The name of the entry, or null.</param>
/// <param name="KeyId">What ties it to its key, or null.</param>
/// <param name="IsTrusted">True if the file itself marks it as trusted.</param>
/// <param name="Certificate">The certificate.</param>
internal sealed record CertificateBag(string? Alias, string? KeyId, bool IsTrusted, X509Certificate2 Certificate);

/// <summary>The content of a keystore file before keys, certificates and chains are put together.</summary>
internal sealed class KeystoreBags
{
    public List<KeyBag> Keys { get; } = [];

    public List<CertificateBag> Certificates { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>Finds each key's certificate by the key itself, and the chain above it by signatures.</summary>
    public Outcome<Keystore> ToKeystore(string path)
    {
        if (Certificates.Count > Keystore.MostCertificates)
        {
            return KeystoreRefusals.TooManyCertificates(path, Certificates.Count);
        }

        List<KeyEntry> keys = [];
        HashSet<string> taken = [];
        List<X509Certificate2> all = [.. Certificates.Select(bag => bag.Certificate)];
        foreach (var bag in Keys)
        {
            var name = bag.Alias ?? (keys.Count + 1).ToString(CultureInfo.InvariantCulture);
            if (!PrivateKeys.Import(bag.Pkcs8).Is(out var key, out var refusal))
            {
                return KeystoreRefusals.KeyUnsupported(path, name, refusal.Message);
            }

            using (key)
            {
                var fitting = Certificates.Where(found => PrivateKeys.Fits(key, found.Certificate)).ToList();
                if ((fitting.Find(found => found.KeyId is not null && found.KeyId == bag.KeyId) ?? fitting.FirstOrDefault()) is not { } own)
                {
                    continue;
                }

                var chain = Issuers.ChainAbove(own.Certificate, all);
                taken.Add(own.Certificate.Thumbprint);
                taken.UnionWith(chain.Select(above => above.Thumbprint));
                keys.Add(new KeyEntry(bag.Alias ?? own.Alias ?? name, PrivateKeys.Join(own.Certificate, key), [.. chain.Where(above => !Issuers.IsSelfIssued(above))])
                {
                    Root = chain.FirstOrDefault(Issuers.IsSelfIssued),
                });
            }
        }

        return new Keystore(path, keys, Trusted(taken), Warnings);
    }

    // Java marks what it trusts. What openssl made carries no mark: there it is what belongs to no key.
    private List<TrustedEntry> Trusted(HashSet<string> taken)
    {
        List<TrustedEntry> trusted = [];
        foreach (var bag in Certificates.Where(bag => bag.IsTrusted || (bag.KeyId is null && !taken.Contains(bag.Certificate.Thumbprint))))
        {
            if (!trusted.Exists(entry => entry.Certificate.Thumbprint == bag.Certificate.Thumbprint && (bag.Alias is null || entry.Alias == bag.Alias)))
            {
                trusted.Add(new TrustedEntry(bag.Alias ?? (trusted.Count + 1).ToString(CultureInfo.InvariantCulture), bag.Certificate));
            }
        }

        return trusted;
    }
}
