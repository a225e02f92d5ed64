// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Tutti.Wiring.Certificates;

/// <summary>Who signed whom, by name and by signature; trust, dates and purposes are looked at elsewhere.</summary>
internal static class Issuers
{
    private const int LongestChain = 10;

    /// <summary>True if a certificate names itself as its issuer, as roots and placeholders do.</summary>
    public static bool IsSelfIssued(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    /// <summary>True if it also bears its own signature.</summary>
    public static bool IsSelfSigned(X509Certificate2 certificate) => IsIssuedBy(certificate, certificate);

    /// <summary>True if <paramref name="issuer"/> is named and has signed.</summary>
    public static bool IsIssuedBy(X509Certificate2 certificate, X509Certificate2 issuer)
    {
        if (!certificate.IssuerName.RawData.AsSpan().SequenceEqual(issuer.SubjectName.RawData))
        {
            return false;
        }

        try
        {
            var parser = new X509CertificateParser();
            return parser.ReadCertificate(certificate.RawData).IsSignatureValid(parser.ReadCertificate(issuer.RawData).GetPublicKey());
        }
        catch (Exception exception) when (exception is GeneralSecurityException or SecurityUtilityException or CryptoException or ArgumentException or InvalidOperationException or IOException)
        {
            // An algorithm that nobody knows proves nothing.
            return false;
        }
    }

    /// <summary>What stands above a certificate, nearest first, as far as these certificates reach; a root is the last.</summary>
    public static IReadOnlyList<X509Certificate2> ChainAbove(X509Certificate2 certificate, IReadOnlyCollection<X509Certificate2> among)
    {
        List<X509Certificate2> chain = [];
        var current = certificate;
        while (chain.Count < LongestChain && !IsSelfIssued(current) && among.FirstOrDefault(candidate => IsIssuedBy(current, candidate)) is { } issuer
            && !chain.Exists(known => known.Thumbprint == issuer.Thumbprint))
        {
            chain.Add(issuer);
            current = issuer;
        }

        return chain;
    }
}
