// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Certificates.Issuing;

/// <summary>A certificate that is to be trusted.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Warning">What is unusual about it, or null.</param>
public sealed record NewRoot(X509Certificate2 Certificate, string? Warning)
{
    /// <summary>Takes what can be an anchor: certificates that bear their own signature. An intermediate would be one for Java, not here.</summary>
    /// <returns>Refusals: <c>trust.not-a-root</c>, <c>trust.expired</c>, <c>trust.weak</c>.</returns>
    public static Outcome<NewRoot> Judge(X509Certificate2 certificate, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var subject = CertificateRefusals.Show(certificate.SubjectName);
        var issuer = CertificateRefusals.Show(certificate.IssuerName);
        var isAuthority = certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);
        if (!Issuers.IsSelfIssued(certificate))
        {
            return Refuse("trust.not-a-root", isAuthority
                ? $"{subject} is an intermediate, issued by {issuer}. It belongs into the keystore of the server that stands below it (tutti cert install takes it along); trust the root above it."
                : $"{subject} is no authority: its certificate was issued by {issuer}. Trust that one, or the root above it.");
        }

        if (!Issuers.IsSelfSigned(certificate))
        {
            return Refuse("trust.not-a-root", $"{subject} names itself as issuer, but the signature is false. Get the file again.");
        }

        if (certificate.NotAfter.ToUniversalTime() < now.UtcDateTime)
        {
            return Refuse("trust.expired", $"{subject} ended on {CertificateRefusals.Moment(certificate.NotAfter)}. Ask the authority for its present root.");
        }

        return CertificateStrength.WeakKey(certificate) is { } weakness
            ? Refuse("trust.weak", $"{subject} {weakness}. Ask the authority for a stronger root.")
            : new NewRoot(certificate, isAuthority ? null : $"{subject} is the certificate of a single server, not of an authority: only that server is trusted by it, until {CertificateRefusals.Moment(certificate.NotAfter)}.");
    }

    /// <summary>A name for the entry that nobody has yet: from the subject's common name, in lower case as Java keeps it.</summary>
    public string FreeAlias(IReadOnlyCollection<TrustedEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var name = Certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        var plain = string.Join('-', new string([.. name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        plain = plain.Length == 0 ? "root" : plain;
        var alias = plain;
        for (var number = 2; entries.Any(entry => string.Equals(entry.Alias, alias, StringComparison.OrdinalIgnoreCase)); number++)
        {
            alias = string.Create(CultureInfo.InvariantCulture, $"{plain}-{number}");
        }

        return alias;
    }

    /// <summary>SHA-256 of a certificate as <c>keytool</c> and <c>openssl</c> print it.</summary>
    public static string Fingerprint(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return string.Join(':', SHA256.HashData(certificate.RawData).Select(part => part.ToString("X2", CultureInfo.InvariantCulture)));
    }

    private static Refusal Refuse(string code, string message) => new(RefusalKind.Invalid, code, message);
}
