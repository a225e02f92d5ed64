// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Certificates.Issuing;

/// <summary>An installation's own authority: one root that signs the certificates of its servers, and nothing else.</summary>
public sealed class CertificateAuthority : IDisposable
{
    /// <summary>How long a server's certificate is good: 90 days.</summary>
    public static readonly TimeSpan CertificateLife = TimeSpan.FromDays(90);

    /// <summary>How much earlier than its signature a certificate begins, because the clocks of two servers differ a little: 5 minutes.</summary>
    public static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    private const string KeystoreName = "authority.p12";
    private const string PasswordName = "authority.password";
    private const string Alias = "authority";
    private const int RootYears = 10;

    private readonly KeyEntry _entry;
    private readonly ECDsa _key;

    private CertificateAuthority(KeyEntry entry) => (_entry, _key) = (entry, entry.Certificate.GetECDsaPrivateKey()!);

    /// <summary>Its certificate, without the key.</summary>
    public X509Certificate2 Root => X509CertificateLoader.LoadCertificate(_entry.Certificate.RawData);

    /// <summary>Makes one: EC P-384, ten years, for servers only and for no authority below it.</summary>
    /// <param name="name">What people see as its name.</param>
    /// <param name="now">From when on it is good.</param>
    public static CertificateAuthority Create(string name, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return new CertificateAuthority(new KeyEntry(Alias, request.CreateSelfSigned(now - Early, now.AddYears(RootYears)), []));
    }

    /// <summary>True if there is one in a folder.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, KeystoreName));

    /// <summary>Reads it from HUB's data. Refusals: those of <see cref="Keystore.Read"/>, and <c>cluster.none</c>.</summary>
    public static Outcome<CertificateAuthority> Read(string folder)
    {
        if (!IsIn(folder))
        {
            return new Refusal(RefusalKind.NotFound, "cluster.none", "This installation has no authority of its own. Make one on the hub's server: tutti cluster init");
        }

        var password = Path.Combine(folder, PasswordName);
        if (!File.Exists(password))
        {
            return new Refusal(RefusalKind.NotFound, "cluster.password", $"{password} is missing; without it the key of the authority cannot be read. Copy it back from the backup.");
        }

        if (!Keystore.Read(Path.Combine(folder, KeystoreName), File.ReadLines(password).FirstOrDefault() ?? "").Is(out var keystore, out var refusal))
        {
            return refusal;
        }

        return keystore.Keys is [{ Certificate: var certificate } entry] && certificate.GetECDsaPrivateKey() is not null
            ? new CertificateAuthority(entry)
            : new Refusal(RefusalKind.Invalid, "cluster.damaged", $"{keystore.Path} does not hold the authority's key. Copy it back from the backup.");
    }

    /// <summary>Writes it into HUB's data, for the owner only; the password first, so that there is never a key that nobody can open.</summary>
    public void Save(string folder)
    {
        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        PrivateFile.Replace(Path.Combine(folder, PasswordName), System.Text.Encoding.ASCII.GetBytes(password + "\n"));
        PrivateFile.Replace(Path.Combine(folder, KeystoreName), Pkcs12Writer.Write([_entry], [], password));
    }

    /// <summary>Signs a certificate for one server, good for both uses. Of the request only its key counts, whatever else it asks for.</summary>
    /// <param name="signingRequest">PKCS#10, PEM.</param>
    /// <param name="host">The server's name, normalised.</param>
    /// <param name="now">The moment.</param>
    /// <param name="life">How long it is good.</param>
    /// <returns>Refusals: <c>cluster.request</c>.</returns>
    public Outcome<X509Certificate2> Sign(string signingRequest, string host, DateTimeOffset now, TimeSpan life)
    {
        CertificateRequest asked;
        try
        {
            // Loading checks that whoever asks has the private key.
            asked = CertificateRequest.LoadSigningRequestPem(signingRequest, HashAlgorithmName.SHA256);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return new Refusal(RefusalKind.Invalid, "cluster.request", $"The signing request of {host} cannot be read: {exception.Message}");
        }

        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(host);
        var request = new CertificateRequest(subject.Build(), asked.PublicKey, HashAlgorithmName.SHA256);
        var isRsa = asked.PublicKey.Oid.Value == "1.2.840.113549.1.1.1";
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(isRsa ? X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment : X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(CertificatePurpose.ServerAuth), new Oid(CertificatePurpose.ClientAuth)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_entry.Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());

        // Positive and never with a zero in front: RFC 5280 §4.1.2.2.
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        DateTimeOffset end = _entry.Certificate.NotAfter.ToUniversalTime();
        var notAfter = now + life < end ? now + life : end;
        using var signed = request.Create(_entry.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), now - Early, notAfter, serial);
        var certificate = X509CertificateLoader.LoadCertificate(signed.RawData);
        return CertificateStrength.WeakKey(certificate) is { } weakness
            ? new Refusal(RefusalKind.Invalid, "cluster.request", $"The key of {host} {weakness}.")
            : certificate;
    }

    /// <summary>The list of revoked certificates, DER; good until the root ends, because nobody fetches a newer one.</summary>
    /// <param name="revoked">Serials, hexadecimal, and when each was revoked.</param>
    /// <param name="number">Grows with each list.</param>
    /// <param name="now">The moment.</param>
    public byte[] RevocationList(IEnumerable<(string Serial, DateTimeOffset At)> revoked, long number, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(revoked);
        var list = new CertificateRevocationListBuilder();
        foreach (var (serial, at) in revoked)
        {
            list.AddEntry(Convert.FromHexString(serial), at);
        }

        return list.Build(
            _entry.Certificate.SubjectName,
            X509SignatureGenerator.CreateForECDsa(_key),
            new BigInteger(number),
            _entry.Certificate.NotAfter.ToUniversalTime(),
            HashAlgorithmName.SHA384,
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_entry.Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false),
            now - Early);
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
