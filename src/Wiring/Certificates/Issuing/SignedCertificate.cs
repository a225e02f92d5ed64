// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Certificates.Keystores;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Certificates.Issuing;

/// <summary>What came back from an authority, fitted to the key it was made for.</summary>
/// <param name="Entry">The entry as it is to stand in the keystore.</param>
/// <param name="Path">Its chain.</param>
public sealed record SignedCertificate(KeyEntry Entry, TrustedPath Path)
{
    /// <summary>Finds the entry by its key and checks everything that a start would check.</summary>
    /// <param name="keystore">The keystore with the key.</param>
    /// <param name="alias">The entry that is meant, or null to find it.</param>
    /// <param name="given">The certificate and those above it, in any order.</param>
    /// <param name="hostName">This server's name.</param>
    /// <param name="use"><see cref="CertificateUse.Own"/>, or that for browsers.</param>
    /// <param name="rules">What it is measured by; its roots are those that are trusted already.</param>
    /// <returns>Refusals: <c>cert.other-key</c>, <c>cert.which-key</c>, <c>cert.other-name</c>, and those of <see cref="CertificateChecks"/>.</returns>
    public static Outcome<SignedCertificate> Fit(
        Keystore keystore, string? alias, IReadOnlyList<X509Certificate2> given, string hostName, CertificateUse use, CertificateRules rules)
    {
        ArgumentNullException.ThrowIfNull(keystore);
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(rules);
        var pairs = (from entry in keystore.Keys
                     where alias is null || string.Equals(entry.Alias, alias, StringComparison.OrdinalIgnoreCase)
                     from certificate in given
                     where HaveSameKey(entry.Certificate, certificate)
                     select (Entry: entry, Certificate: certificate)).ToList();
        if (pairs.Count == 0)
        {
            return OtherKey(keystore, alias, given, rules);
        }

        var entries = pairs.Select(pair => pair.Entry.Alias).Distinct(StringComparer.Ordinal).ToList();
        if (entries.Count > 1)
        {
            return new Refusal(RefusalKind.Conflict, "cert.which-key", $"The keys {Quoted(entries)} in {keystore.Path} are the same. Say with --alias which entry is meant.");
        }

        // Of two certificates for one key the younger one is what people have just got.
        var (own, leaf) = pairs.OrderByDescending(pair => pair.Certificate.NotBefore).First();
        if (OtherName(own, leaf, hostName, rules) is { } otherName)
        {
            return otherName;
        }

        // A renewed certificate often comes alone; what stood above the old one is in the keystore.
        List<X509Certificate2> above = [.. given, .. keystore.AllCertificates()];
        above.RemoveAll(certificate => HaveSameKey(certificate, leaf));
        if (!CertificateChecks.Check(leaf, above, use, rules).Is(out var path, out var refusal))
        {
            return refusal;
        }

        using var key = PrivateKeys.Of(own.Certificate);
        return new SignedCertificate(
            new KeyEntry(own.Alias, PrivateKeys.Join(X509CertificateLoader.LoadCertificate(leaf.RawData), key), path.Intermediates) { Root = path.Certificates.Count > 1 ? path.Root : null },
            path);
    }

    private static bool HaveSameKey(X509Certificate2 one, X509Certificate2 other) =>
        one.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(other.PublicKey.ExportSubjectPublicKeyInfo());

    private static Refusal OtherKey(Keystore keystore, string? alias, IReadOnlyList<X509Certificate2> given, CertificateRules rules)
    {
        if (keystore.Keys.Count == 0)
        {
            return new Refusal(RefusalKind.NotFound, "ssl.no-key", $"{keystore.Path} holds no private key. Make one first: {rules.Command("create")}");
        }

        if (alias is not null && !keystore.Keys.Any(entry => string.Equals(entry.Alias, alias, StringComparison.OrdinalIgnoreCase)))
        {
            return new Refusal(RefusalKind.NotFound, "cert.which-key", $"{keystore.Path} has no key '{alias}'. It has {Quoted(keystore.Keys.Select(entry => entry.Alias))}.");
        }

        var leaves = given.Where(certificate => !certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority)).ToList();
        return new Refusal(RefusalKind.Invalid, "cert.other-key", leaves.Count == 0
            ? $"Only certificates of authorities were given ({Subjects(given)}), none for this server. Add the file that was issued for the request."
            : $"The certificate of {Subjects(leaves)} was made for another key than {Quoted(keystore.Keys.Select(entry => entry.Alias))} in {keystore.Path}. Take the answer to the last request of this keystore, or ask again: {rules.Command("request")}");
    }

    private static Refusal? OtherName(KeyEntry own, X509Certificate2 leaf, string hostName, CertificateRules rules)
    {
        // An entry may serve a further name of this server; then that one has to be in the new certificate.
        var names = CertificateNames.Of(leaf);
        var before = CertificateNames.Of(own.Certificate);
        _ = HostNames.TryNormalize(hostName, out var host);
        var wanted = before.Count == 0 || before.Contains(host) ? host : before[0];
        return names.Contains(wanted) ? null : new Refusal(
            RefusalKind.Invalid,
            "cert.other-name",
            $"The certificate is for {(names.Count == 0 ? "no host name that counts" : string.Join(", ", names.Select(HostNames.Show)))}, and {wanted} is needed. Ask the authority to keep the names of the request: {rules.Command("request")}");
    }

    private static string Subjects(IEnumerable<X509Certificate2> certificates) => string.Join(", ", certificates.Select(certificate => CertificateRefusals.Show(certificate.SubjectName)));

    private static string Quoted(IEnumerable<string> aliases) => string.Join(", ", aliases.Select(alias => $"'{alias}'"));
}
