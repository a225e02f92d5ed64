// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Certificates.Keystores;

namespace Tutti.Wiring.Certificates.Issuing;

/// <summary>The kinds of keys that are made.</summary>
public enum NewKeyType
{
    /// <summary>EC P-256, the usual one.</summary>
    Ec256,

    /// <summary>EC P-384.</summary>
    Ec384,

    /// <summary>RSA with 2048 bits.</summary>
    Rsa2048,

    /// <summary>RSA with 3072 bits.</summary>
    Rsa3072,
}

/// <summary>Makes keys and asks authorities to sign them.</summary>
public static class NewKey
{
    /// <summary>Makes a key pair with a placeholder for the certificate that an authority will issue: signed by itself, valid for a year.</summary>
    /// <param name="alias">The name of the entry.</param>
    /// <param name="names">Host names in the form of <see cref="HostNames"/>; the first is this server's.</param>
    /// <param name="type">The kind of key.</param>
    /// <param name="now">The moment from which the placeholder is valid.</param>
    public static KeyEntry Create(string alias, IReadOnlyList<string> names, NewKeyType type, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(names);
        using AsymmetricAlgorithm key = type switch
        {
            NewKeyType.Ec256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            NewKeyType.Ec384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            NewKeyType.Rsa2048 => RSA.Create(2048),
            NewKeyType.Rsa3072 => RSA.Create(3072),
        };
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(names[0]);
        var request = Request(builder.Build(), key, names);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));

        // The clocks of two servers differ a little.
        return new KeyEntry(alias, request.CreateSelfSigned(now.AddMinutes(-5), now.AddYears(1)), []);
    }

    /// <summary>A signing request for an entry (PKCS#10, PEM) with its subject and names and both uses, signed with its key.</summary>
    public static string SigningRequest(KeyEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        using var key = PrivateKeys.Of(entry.Certificate);
        return Request(entry.Certificate.SubjectName, key, CertificateNames.Of(entry.Certificate)).CreateSigningRequestPem() + "\n";
    }

    private static CertificateRequest Request(X500DistinguishedName subject, AsymmetricAlgorithm key, IReadOnlyList<string> names)
    {
        var request = key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        var usages = key is RSA ? X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment : X509KeyUsageFlags.DigitalSignature;
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usages, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(CertificatePurpose.ServerAuth), new Oid(CertificatePurpose.ClientAuth)], critical: false));
        if (names.Count > 0)
        {
            var alternative = new SubjectAlternativeNameBuilder();
            foreach (var name in names)
            {
                alternative.AddDnsName(name);
            }

            request.CertificateExtensions.Add(alternative.Build());
        }

        return request;
    }
}
