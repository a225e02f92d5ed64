// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Certificates;

/// <summary>
/// What makes a certificate good, its names apart: a chain to a trusted root, dates, purpose, strength. The same for this server's own
/// (<c>ssl.cert-…</c>), for those of peers (<c>tls.…</c>) and for one that is about to be installed.
/// </summary>
public static class CertificateChecks
{
    private const X509ChainStatusFlags Time = X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotTimeNested;
    private const X509ChainStatusFlags Constraints = X509ChainStatusFlags.HasNotPermittedNameConstraint | X509ChainStatusFlags.HasExcludedNameConstraint
        | X509ChainStatusFlags.HasNotDefinedNameConstraint | X509ChainStatusFlags.HasNotSupportedNameConstraint | X509ChainStatusFlags.InvalidNameConstraints;

    // Purposes, strength and revocation have rules of our own.
    private const X509ChainStatusFlags JudgedElsewhere = X509ChainStatusFlags.NotValidForUsage | X509ChainStatusFlags.HasWeakSignature
        | X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;

    /// <summary>Checks everything but names.</summary>
    /// <param name="certificate">The certificate in question.</param>
    /// <param name="sent">The intermediates that came with it: those of the keystore, or what the peer sent.</param>
    /// <param name="use">Whose it is and in which role.</param>
    /// <param name="rules">What it is measured by.</param>
    /// <returns>The chain, or the first thing that is wrong: chain, dates, purpose, strength, in this order.</returns>
    public static Outcome<TrustedPath> Check(X509Certificate2 certificate, IReadOnlyCollection<X509Certificate2> sent, CertificateUse use, CertificateRules rules)
    {
        if (!Chain(certificate, sent, use, rules).Is(out var path, out var refusal))
        {
            return refusal;
        }

        // The root is trusted as it is; its signature and its purposes mean nothing.
        var below = path.Certificates.Count == 1 ? path.Certificates : [.. path.Certificates.SkipLast(1)];
        refusal = Dates(path.Certificates, use, rules) ?? CertificatePurpose.Check(below, use, rules) ?? CertificateStrength.Check(below, use, rules);
        return refusal is null ? path : refusal;
    }

    /// <summary>Looks for a chain to a trusted root, among what was sent and nothing else; dates are left out.</summary>
    internal static Outcome<TrustedPath> Chain(X509Certificate2 certificate, IReadOnlyCollection<X509Certificate2> sent, CertificateUse use, CertificateRules rules)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(sent);
        ArgumentNullException.ThrowIfNull(rules);
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                VerificationTime = rules.Now.UtcDateTime,
                VerificationTimeIgnored = false,
            },
        };
        chain.ChainPolicy.CustomTrustStore.AddRange(rules.Roots.ToArray());
        chain.ChainPolicy.ExtraStore.AddRange(sent.ToArray());
        chain.Build(certificate);
        List<X509Certificate2> found = [.. chain.ChainElements.Select(element => element.Certificate)];
        if (found.Count == 0)
        {
            found.Add(certificate);
        }

        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, each) => all | each.Status) & ~(Time | JudgedElsewhere);

        // The framework also uses what lies in folders of this user, which differs from host to host: only what was sent counts.
        var strange = found.FindIndex(1, element => !Contains(sent, element) && !Contains(rules.Roots, element));
        if (strange > 0)
        {
            found.RemoveRange(strange, found.Count - strange);
            status |= X509ChainStatusFlags.PartialChain;
        }

        return status == X509ChainStatusFlags.NoError ? Complete(found, sent, use, rules) : Broken(status, found, use, rules);
    }

    private static Outcome<TrustedPath> Complete(List<X509Certificate2> found, IReadOnlyCollection<X509Certificate2> sent, CertificateUse use, CertificateRules rules)
    {
        // Peers get what the keystore holds: what only this server's trusted roots know is not sent to them.
        var held = found.Skip(1).SkipLast(1).FirstOrDefault(element => !Contains(sent, element));
        return use is CertificateUse.Own or CertificateUse.OwnForHttps && held is not null
            ? CertificateRefusals.Incomplete(found[0], held.SubjectName, use, rules)
            : new TrustedPath([.. found]);
    }

    private static Refusal Broken(X509ChainStatusFlags status, List<X509Certificate2> found, CertificateUse use, CertificateRules rules)
    {
        var certificate = found[0];
        var top = found[^1];
        if (status.HasFlag(X509ChainStatusFlags.NotSignatureValid))
        {
            return CertificateRefusals.Untrusted(certificate, $"the signature of its issuer {Name(certificate.IssuerName)} on it is false", use, rules);
        }

        if ((status & Constraints) != 0)
        {
            return CertificateRefusals.Untrusted(certificate, "an authority above it may not issue certificates for this name (name constraints)", use, rules);
        }

        if (status.HasFlag(X509ChainStatusFlags.InvalidBasicConstraints))
        {
            return CertificateRefusals.Untrusted(certificate, "a certificate above it may not issue others (basic constraints, path length)", use, rules);
        }

        if (Issuers.IsSelfIssued(top))
        {
            return found.Count == 1 ? CertificateRefusals.SelfSigned(certificate, use, rules) : CertificateRefusals.UntrustedRoot(certificate, top, use, rules);
        }

        if (status.HasFlag(X509ChainStatusFlags.PartialChain))
        {
            return rules.Known.Any(known => Issuers.IsIssuedBy(top, known) && !Issuers.IsSelfIssued(known))
                ? CertificateRefusals.Incomplete(certificate, top.IssuerName, use, rules)
                : CertificateRefusals.NoIssuer(certificate, top, use, rules);
        }

        return CertificateRefusals.Untrusted(certificate, $"its chain is not valid ({status})", use, rules);
    }

    private static Refusal? Dates(IReadOnlyList<X509Certificate2> path, CertificateUse use, CertificateRules rules)
    {
        foreach (var certificate in path)
        {
            if (certificate.NotAfter.ToUniversalTime() < rules.Now.UtcDateTime)
            {
                return CertificateRefusals.Expired(path[0], certificate, use, rules);
            }

            if (certificate.NotBefore.ToUniversalTime() > rules.Now.UtcDateTime)
            {
                return CertificateRefusals.NotYetValid(path[0], certificate, use, rules);
            }
        }

        return null;
    }

    private static string Name(X500DistinguishedName name) => CertificateRefusals.Show(name);

    private static bool Contains(IEnumerable<X509Certificate2> certificates, X509Certificate2 wanted) =>
        certificates.Any(certificate => certificate.RawDataMemory.Span.SequenceEqual(wanted.RawDataMemory.Span));
}
