// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Certificates;

/// <summary>This server's key with its certificate and the chain that is sent along.</summary>
/// <param name="Entry">The entry of the keystore.</param>
/// <param name="Path">The chain up to the trusted root.</param>
public sealed record OwnCertificate(KeyEntry Entry, TrustedPath Path)
{
    /// <summary>
    /// Picks the entry for a name: of those whose certificate carries the name the one that is valid and trusted. Never "the first",
    /// because two tools need not agree on an order.
    /// </summary>
    /// <param name="keystore">This server's keystore.</param>
    /// <param name="hostName">The name in question; for a server its <c>HostName</c>.</param>
    /// <param name="use"><see cref="CertificateUse.Own"/>, or that for browsers.</param>
    /// <param name="rules">What the certificates are measured by.</param>
    /// <returns>Refusals: <c>ssl.no-key</c>, <c>ssl.cert-name</c>, <c>ssl.key-ambiguous</c>, and the <c>ssl.cert-…</c> of <see cref="CertificateChecks"/>.</returns>
    public static Outcome<OwnCertificate> Choose(Keystore keystore, string hostName, CertificateUse use, CertificateRules rules)
    {
        ArgumentNullException.ThrowIfNull(keystore);
        ArgumentNullException.ThrowIfNull(rules);
        if (keystore.Keys.Count == 0)
        {
            return new Refusal(
                RefusalKind.Invalid, "ssl.no-key", $"{keystore.Path} holds no private key with a certificate. Make one: {rules.Command("create")} --name {hostName} --keystore {keystore.Path}");
        }

        _ = HostNames.TryNormalize(hostName, out var name);
        var named = keystore.Keys.Where(entry => CertificateNames.Of(entry.Certificate).Contains(name)).ToList();
        if (named.Count == 0)
        {
            return WrongName(keystore, hostName, rules);
        }

        var judged = named.Select(entry => (Entry: entry, Verdict: CertificateChecks.Check(entry.Certificate, entry.Chain, use, rules))).ToList();
        var good = judged.Where(each => !each.Verdict.IsRefused).ToList();
        return (good.Count, judged.Count) switch
        {
            (1, _) => new OwnCertificate(good[0].Entry, good[0].Verdict.Value),
            (0, 1) => judged[0].Verdict.Refusal,

            // A placeholder beside a certificate that has something wrong: the latter is what people mean.
            (0, _) => judged.OrderBy(each => each.Verdict.Refusal.Code == "ssl.cert-unsigned").First().Verdict.Refusal,
            _ => Ambiguous(keystore, hostName, [.. good.Select(each => each.Entry)]),
        };
    }

    private static Refusal WrongName(Keystore keystore, string hostName, CertificateRules rules)
    {
        var names = keystore.Keys.SelectMany(entry => CertificateNames.Of(entry.Certificate)).Distinct(StringComparer.Ordinal).Select(HostNames.Show).ToList();
        var written = keystore.Keys.SelectMany(entry => CertificateNames.Written(entry.Certificate)).Distinct(StringComparer.Ordinal).Select(CertificateRefusals.Printable).ToList();
        var there = names.Count > 0 ? $"only for {string.Join(", ", names)}" : $"none with a host name that counts (there is {(written.Count == 0 ? "nothing" : string.Join(", ", written))}; wildcards and IP addresses do not)";
        return new Refusal(
            RefusalKind.Invalid,
            "ssl.cert-name",
            $"{keystore.Path} holds no certificate for {hostName}, {there}. Make one for this server ({rules.Command("create")} --name {hostName}) or correct HostName in conf/server.ini.");
    }

    private static Refusal Ambiguous(Keystore keystore, string hostName, IReadOnlyList<KeyEntry> entries)
    {
        var list = string.Join("; ", entries.Select(entry => string.Create(
            CultureInfo.InvariantCulture, $"'{entry.Alias}', serial {entry.Certificate.SerialNumber}, until {entry.Certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}")));
        return new Refusal(
            RefusalKind.Conflict,
            "ssl.key-ambiguous",
            $"{keystore.Path} holds {entries.Count} keys with a good certificate for {hostName}: {list}. Remove all but one: keytool -delete -keystore {keystore.Path} -alias {entries[^1].Alias}");
    }
}
