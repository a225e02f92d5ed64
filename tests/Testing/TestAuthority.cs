// SPDX-License-Identifier: Apache-2.0
using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tutti.Testing;

/// <summary>
/// A throw-away authority: a root, any number of intermediates below it, and certificates for servers with every fault a test can wish for.
/// <code>
/// var a = new TestAuthority("A");
/// var server = a.Issue(new TestCertificate("ui.tutti.test"));          // below the root
/// var below = a.Intermediate("A1").Issue(new TestCertificate("trk.tutti.test"));
/// File.WriteAllBytes(path, below.ToKeystore("secret"));                 // PKCS#12: key, certificate, intermediates
/// </code>
/// </summary>
public sealed class TestAuthority
{
    private readonly AsymmetricAlgorithm _key;
    private readonly IReadOnlyList<X509Certificate2> _above;

    /// <summary>A root of its own.</summary>
    public TestAuthority(string name = "Test Root", string keyType = "ec256", DateTimeOffset? from = null, DateTimeOffset? until = null, HashAlgorithmName? hash = null)
    {
        _key = CreateKey(keyType);
        var request = Request($"CN={name}, O=Tutti tests", _key, hash ?? HashAlgorithmName.SHA256);
        Add(request, pathLength: null);
        Certificate = request.Create(
            request.SubjectName, Generator(_key, request.HashAlgorithm), from ?? TestCertificate.Usual.AddYears(-1), until ?? TestCertificate.Usual.AddYears(10), NewSerial());
        _above = [];
    }

    private TestAuthority(AsymmetricAlgorithm key, X509Certificate2 certificate, IReadOnlyList<X509Certificate2> above) => (_key, Certificate, _above) = (key, certificate, above);

    /// <summary>Its own certificate, without the key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The root above it, or itself.</summary>
    public X509Certificate2 Root => _above.Count == 0 ? Certificate : _above[^1];

    /// <summary>An authority below this one.</summary>
    public TestAuthority Intermediate(
        string name = "Test Intermediate",
        string keyType = "ec256",
        DateTimeOffset? from = null,
        DateTimeOffset? until = null,
        string[]? uses = null,
        int? pathLength = null,
        HashAlgorithmName? hash = null,
        string? permittedDomain = null)
    {
        var key = CreateKey(keyType);
        var request = Request($"CN={name}, O=Tutti tests", key, hash ?? HashAlgorithmName.SHA256);
        Add(request, pathLength);
        if (uses is not null)
        {
            request.CertificateExtensions.Add(Uses(uses));
        }

        if (permittedDomain is not null)
        {
            request.CertificateExtensions.Add(PermittedDomain(permittedDomain));
        }

        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var certificate = request.Create(
            Certificate.SubjectName, Generator(_key, request.HashAlgorithm), from ?? TestCertificate.Usual.AddYears(-1), until ?? TestCertificate.Usual.AddYears(5), NewSerial());
        return new TestAuthority(key, certificate, [Certificate, .. _above]);
    }

    /// <summary>A certificate with a key of its own.</summary>
    public IssuedCertificate Issue(TestCertificate wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var key = wanted.Key ?? CreateKey(wanted.KeyType);
        var request = Request(wanted.Subject, key, wanted.Hash);
        Fill(request, wanted);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var signed = request.Create(Certificate.SubjectName, Generator(_key, wanted.Hash), wanted.From, wanted.Until, NewSerial());
        return new IssuedCertificate(Join(signed, key), [.. _above.Prepend(Certificate).SkipLast(1)], Root);
    }

    /// <summary>Signs a PKCS#10 request (PEM) as it stands, with the extensions it asks for.</summary>
    public IssuedCertificate Sign(string request, DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        ArgumentNullException.ThrowIfNull(request);

        // keytool writes NEW before it, as every authority knows.
        var read = CertificateRequest.LoadSigningRequestPem(request.Replace("NEW CERTIFICATE", "CERTIFICATE", StringComparison.Ordinal), HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions, RSASignaturePadding.Pkcs1);
        var signed = read.Create(Certificate.SubjectName, Generator(_key, HashAlgorithmName.SHA256), from ?? TestCertificate.Usual.AddDays(-1), until ?? TestCertificate.Usual.AddDays(90), NewSerial());
        return new IssuedCertificate(signed, [.. _above.Prepend(Certificate).SkipLast(1)], Root);
    }

    /// <summary>A revocation list (DER) of this authority.</summary>
    public byte[] RevocationList(DateTimeOffset next, params X509Certificate2[] revoked)
    {
        ArgumentNullException.ThrowIfNull(revoked);
        var list = new CertificateRevocationListBuilder();
        foreach (var certificate in revoked)
        {
            list.AddEntry(certificate, TestCertificate.Usual);
        }

        var identifier = X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false);
        return list.Build(Certificate.SubjectName, Generator(_key, HashAlgorithmName.SHA256), 1, next, HashAlgorithmName.SHA256, identifier, TestCertificate.Usual.AddDays(-30));
    }

    /// <summary>A certificate that bears its own signature.</summary>
    public static IssuedCertificate SelfSigned(TestCertificate wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var key = wanted.Key ?? CreateKey(wanted.KeyType);
        var request = Request(wanted.Subject, key, wanted.Hash);
        Fill(request, wanted);
        var signed = request.Create(request.SubjectName, Generator(key, wanted.Hash), wanted.From, wanted.Until, NewSerial());
        return new IssuedCertificate(Join(signed, key), [], signed);
    }

    /// <summary>Makes a key: <c>rsa1024</c>, <c>rsa2048</c>, <c>ec256</c>, <c>ec384</c>, <c>ec521</c>, <c>secp256k1</c>.</summary>
    public static AsymmetricAlgorithm CreateKey(string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type switch
        {
            "ec256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            "ec384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            "ec521" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
            "secp256k1" => ECDsa.Create(ECCurve.CreateFromFriendlyName("secp256k1")),
            _ => RSA.Create(int.Parse(type["rsa".Length..], System.Globalization.CultureInfo.InvariantCulture)),
        };
    }

    private static void Fill(CertificateRequest request, TestCertificate wanted)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(wanted.IsAuthority, false, 0, critical: true));
        if (wanted.KeyUsages is { } usages)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(usages, critical: true));
        }

        if (wanted.Uses is { } uses)
        {
            request.CertificateExtensions.Add(Uses(uses));
        }

        if (wanted.HasAlternativeNames)
        {
            var names = new SubjectAlternativeNameBuilder();
            Array.ForEach(wanted.Names, names.AddDnsName);
            Array.ForEach(wanted.Addresses, address => names.AddIpAddress(IPAddress.Parse(address)));
            Array.ForEach(wanted.Emails, names.AddEmailAddress);
            request.CertificateExtensions.Add(names.Build());
        }
    }

    private static void Add(CertificateRequest request, int? pathLength)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, pathLength is not null, pathLength ?? 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
    }

    private static X509EnhancedKeyUsageExtension Uses(string[] uses)
    {
        var listed = new OidCollection();
        foreach (var use in uses)
        {
            listed.Add(new Oid(use switch
            {
                "serverAuth" => "1.3.6.1.5.5.7.3.1",
                "clientAuth" => "1.3.6.1.5.5.7.3.2",
                "emailProtection" => "1.3.6.1.5.5.7.3.4",
                "any" => "2.5.29.37.0",
                _ => use,
            }));
        }

        return new X509EnhancedKeyUsageExtension(listed, critical: false);
    }

    // RFC 5280 §4.2.1.10
    private static X509Extension PermittedDomain(string domain)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true)))
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, domain, new Asn1Tag(TagClass.ContextSpecific, 2));
        }

        return new X509Extension("2.5.29.30", writer.Encode(), critical: true);
    }

    private static CertificateRequest Request(string subject, AsymmetricAlgorithm key, HashAlgorithmName hash) => key switch
    {
        RSA rsa => new CertificateRequest(new X500DistinguishedName(subject), rsa, hash, RSASignaturePadding.Pkcs1),
        ECDsa ec => new CertificateRequest(new X500DistinguishedName(subject), ec, hash),
        _ => throw new ArgumentException("Neither RSA nor EC.", nameof(key)),
    };

    private static X509SignatureGenerator Generator(AsymmetricAlgorithm key, HashAlgorithmName hash) => key switch
    {
        RSA rsa when hash == HashAlgorithmName.SHA1 => new OldSignature(rsa),
        RSA rsa => X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1),
        ECDsa ec => X509SignatureGenerator.CreateForECDsa(ec),
        _ => throw new ArgumentException("Neither RSA nor EC.", nameof(key)),
    };

    private static X509Certificate2 Join(X509Certificate2 certificate, AsymmetricAlgorithm key) => key switch
    {
        RSA rsa => certificate.CopyWithPrivateKey(rsa),
        ECDsa ec => certificate.CopyWithPrivateKey(ec),
        _ => throw new ArgumentException("Neither RSA nor EC.", nameof(key)),
    };

    private static byte[] NewSerial() => [1, .. RandomNumberGenerator.GetBytes(15)];
}
