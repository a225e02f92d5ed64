// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Certificates;

/// <summary>What a certificate may be used for: no extension means everything, an extension means exactly what it lists.</summary>
internal static class CertificatePurpose
{
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    /// <summary>Checks a certificate and the intermediates above it.</summary>
    public static Refusal? Check(IReadOnlyList<X509Certificate2> path, CertificateUse use, CertificateRules rules)
    {
        var certificate = path[0];
        if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority))
        {
            return CertificateRefusals.IsAuthority(certificate, use);
        }

        if (certificate.Extensions.OfType<X509KeyUsageExtension>().Any(usage => !usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature)))
        {
            return CertificateRefusals.Purpose(certificate, certificate, ["digitalSignature"], use, rules);
        }

        foreach (var each in path)
        {
            var missing = Needed(use).Where(purpose => !Allows(each, purpose, rules)).Select(Word).ToList();
            if (missing.Count > 0)
            {
                return CertificateRefusals.Purpose(certificate, each, missing, use, rules);
            }
        }

        return null;
    }

    private static string[] Needed(CertificateUse use) => use switch
    {
        CertificateUse.Own => [ServerAuth, ClientAuth],
        CertificateUse.OwnForHttps or CertificateUse.Called => [ServerAuth],
        CertificateUse.Calling => [ClientAuth],
    };

    private static bool Allows(X509Certificate2 certificate, string purpose, CertificateRules rules)
    {
        var listed = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().ToList();
        return listed.Count == 0 || Lists(listed, purpose) || (purpose == ClientAuth && rules.AcceptServerOnly && Lists(listed, ServerAuth));
    }

    private static bool Lists(List<X509EnhancedKeyUsageExtension> extensions, string purpose) =>
        extensions.Exists(extension => extension.EnhancedKeyUsages.OfType<Oid>().Any(listed => listed.Value == purpose));

    private static string Word(string purpose) => purpose == ServerAuth ? "serverAuth" : "clientAuth";
}
