// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tutti.Dst.Smtp.Encryption;

/// <summary>A TLSA record (RFC 6698) as mail uses it (RFC 7672 §3.1).</summary>
/// <param name="Usage">2 = an authority above the certificate, 3 = the certificate itself. Others are not usable for mail.</param>
/// <param name="Selector">0 = the certificate, 1 = its public key.</param>
/// <param name="Matching">0 = the bytes themselves, 1 = SHA-256, 2 = SHA-512.</param>
/// <param name="Data">What they are compared with.</param>
internal sealed record TlsaAssociation(int Usage, int Selector, int Matching, byte[] Data)
{
    /// <summary>Whether mail can be checked with it.</summary>
    public bool IsUsable => Usage is 2 or 3 && Selector is 0 or 1 && Matching switch
    {
        0 => Data.Length > 0,
        1 => Data.Length == SHA256.HashSizeInBytes,
        2 => Data.Length == SHA512.HashSizeInBytes,
        _ => false,
    };

    /// <summary>Whether a receiver's certificate is what the record says.</summary>
    /// <param name="leaf">The certificate.</param>
    /// <param name="presented">What came with it.</param>
    /// <param name="names">The names of which it must carry one, where an authority vouches for it.</param>
    public bool Fits(X509Certificate2 leaf, X509Certificate2Collection presented, params ReadOnlySpan<string> names)
    {
        // RFC 7672 §3.1.1: of usage 3 neither name nor dates count.
        if (Usage == 3)
        {
            return IsOf(leaf);
        }

        return CertificateName.IsOneOf(leaf, names) && IsBelowAuthority(leaf, presented);
    }

    private bool IsBelowAuthority(X509Certificate2 leaf, X509Certificate2Collection presented)
    {
        foreach (var certificate in presented)
        {
            if (IsOf(certificate) && IsBelow(leaf, certificate, presented))
            {
                return true;
            }
        }

        if (Selector != 0 || Matching != 0)
        {
            return false;
        }

        // RFC 7672 §3.1.2: an authority whose whole certificate stands in the DNS need not be presented.
        try
        {
            using var published = X509CertificateLoader.LoadCertificate(Data);
            return IsBelow(leaf, published, presented);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool IsBelow(X509Certificate2 leaf, X509Certificate2 authority, X509Certificate2Collection presented)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.ExtraStore.AddRange(presented);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;

        // The authority may itself stand below another one, which does not matter here.
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        return chain.Build(leaf) && chain.ChainElements.Skip(1).Any(element => element.Certificate.RawDataMemory.Span.SequenceEqual(authority.RawDataMemory.Span));
    }

    private bool IsOf(X509Certificate2 certificate)
    {
        var bytes = Selector == 0 ? certificate.RawData : certificate.PublicKey.ExportSubjectPublicKeyInfo();
        return (Matching switch { 0 => bytes, 1 => SHA256.HashData(bytes), _ => SHA512.HashData(bytes) }).AsSpan().SequenceEqual(Data);
    }
}
