// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Certificates.Issuing;

/// <summary>
/// An installation's own authority: one root that signs the certificates of its servers, and nothing else. While it is changed
/// for another there are two: first the next one beside it, which signs nothing yet, then the previous one, which signs nothing
/// any more. Which is which stands in the one file, so that no kill in between leaves anything else.
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    /// <summary>How long a server's certificate is good: 90 days.</summary>
    public static readonly TimeSpan CertificateLife = TimeSpan.FromDays(90);

    /// <summary>How much earlier than its signature a certificate begins, because the clocks of two servers differ a little: 5 minutes.</summary>
    public static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    private const string KeystoreName = "authority.p12";
    private const string PasswordName = "authority.password";
    private const string Alias = "authority";
    private const string NextAlias = "next";
    private const string PreviousAlias = "previous";
    private const int RootYears = 10;

    private readonly KeyEntry _entry;
    private readonly KeyEntry? _next;
    private readonly KeyEntry? _previous;
    private readonly ECDsa _key;

    private CertificateAuthority(KeyEntry entry, KeyEntry? next = null, KeyEntry? previous = null)
    {
        (_entry, _next, _previous) = (entry with { Alias = Alias }, next is null ? null : next with { Alias = NextAlias }, previous is null ? null : previous with { Alias = PreviousAlias });
        _key = entry.Certificate.GetECDsaPrivateKey()!;
    }

    /// <summary>Its certificate, without the key.</summary>
    public X509Certificate2 Root => Public(_entry);

    /// <summary>The root that is to take its place; null unless it is being changed and still signs.</summary>
    public X509Certificate2? Next => _next is null ? null : Public(_next);

    /// <summary>The root whose place it has taken; null unless it is being changed and signs already.</summary>
    public X509Certificate2? Previous => _previous is null ? null : Public(_previous);

    /// <summary>What a server is to trust now.</summary>
    public IReadOnlyList<X509Certificate2> Trusted => [.. new[] { Root, Next, Previous }.OfType<X509Certificate2>()];

    /// <summary>The domains it may sign for; empty for no limits.</summary>
    public IReadOnlyList<string> Domains => NameConstraints.In(_entry.Certificate);

    /// <summary>Makes one: EC P-384, ten years, for servers only and for no authority below it.</summary>
    /// <param name="name">What people see as its name; no two of an installation have the same.</param>
    /// <param name="domains">The domains it may sign for; empty for no limits.</param>
    /// <param name="now">From when on it is good.</param>
    public static CertificateAuthority Create(string name, IReadOnlyList<string> domains, DateTimeOffset now) => new(NewEntry(name, domains, now));

    /// <summary>The same with a next one beside it.</summary>
    public CertificateAuthority WithNext(string name, IReadOnlyList<string> domains, DateTimeOffset now) => new(_entry, next: NewEntry(name, domains, now));

    /// <summary>The next one as the one that signs, with this one as the previous.</summary>
    public CertificateAuthority Changed() => new(_next ?? throw new InvalidOperationException("There is no next authority."), previous: _entry);

    /// <summary>The same without the previous one.</summary>
    public CertificateAuthority WithoutPrevious() => new(_entry);

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

        return Of(keystore);
    }

    /// <summary>Reads what <see cref="Export"/> wrote. Refusals: those of <see cref="Keystore.Read"/>, and <c>cluster.damaged</c>.</summary>
    public static Outcome<CertificateAuthority> Import(string path, string passphrase) => Keystore.Read(path, passphrase).Is(out var keystore, out var refusal) ? Of(keystore) : refusal;

    /// <summary>Writes it into HUB's data, for the owner only; the password first, so that there is never a key that nobody can open.</summary>
    public void Save(string folder)
    {
        var path = Path.Combine(folder, PasswordName);
        var password = File.Exists(path) && File.ReadLines(path).FirstOrDefault() is { Length: > 0 } kept ? kept : RandomNumberGenerator.GetHexString(32, lowercase: true);
        PrivateFile.Replace(path, System.Text.Encoding.ASCII.GetBytes(password + "\n"));
        PrivateFile.Replace(Path.Combine(folder, KeystoreName), Export(password));
    }

    /// <summary>Everything as a PKCS#12 file that only a passphrase opens.</summary>
    public byte[] Export(string passphrase) => Pkcs12Writer.Write(new[] { _entry, _next, _previous }.OfType<KeyEntry>(), [], passphrase);

    /// <summary>Signs a certificate for one server, good for both uses. Of the request only its key counts, whatever else it asks for.</summary>
    /// <param name="signingRequest">PKCS#10, PEM.</param>
    /// <param name="host">The server's name, normalised.</param>
    /// <param name="now">The moment.</param>
    /// <param name="life">How long it is good.</param>
    /// <returns>Refusals: <c>cluster.request</c>, <c>cluster.other-domain</c>.</returns>
    public Outcome<X509Certificate2> Sign(string signingRequest, string host, DateTimeOffset now, TimeSpan life)
    {
        if (!NameConstraints.Permit(Domains, host))
        {
            return new Refusal(RefusalKind.Conflict, "cluster.other-domain", $"The authority signs for {string.Join(", ", Domains)} only, and {host} is not there.");
        }

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

    /// <summary>
    /// The list of revoked certificates, DER, good until the root ends, because nobody fetches a newer one. Where there is a
    /// previous authority, the list in its name follows in the same file.
    /// </summary>
    /// <param name="revoked">Serials, hexadecimal, and when each was revoked.</param>
    /// <param name="number">Grows with each list.</param>
    /// <param name="now">The moment.</param>
    public byte[] RevocationList(IEnumerable<(string Serial, DateTimeOffset At)> revoked, long number, DateTimeOffset now)
    {
        var all = revoked.ToList();
        return [.. ListOf(_entry, all, number, now), .. _previous is null ? [] : ListOf(_previous, all, number, now)];
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static byte[] ListOf(KeyEntry issuer, IReadOnlyList<(string Serial, DateTimeOffset At)> revoked, long number, DateTimeOffset now)
    {
        var list = new CertificateRevocationListBuilder();
        foreach (var (serial, at) in revoked)
        {
            list.AddEntry(Convert.FromHexString(serial), at);
        }

        using var key = issuer.Certificate.GetECDsaPrivateKey()!;
        return list.Build(
            issuer.Certificate.SubjectName,
            X509SignatureGenerator.CreateForECDsa(key),
            new BigInteger(number),
            issuer.Certificate.NotAfter.ToUniversalTime(),
            HashAlgorithmName.SHA384,
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer.Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false),
            now - Early);
    }

    private static KeyEntry NewEntry(string name, IReadOnlyList<string> domains, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (domains.Count > 0)
        {
            request.CertificateExtensions.Add(NameConstraints.Of(domains));
        }

        return new KeyEntry(Alias, request.CreateSelfSigned(now - Early, now.AddYears(RootYears)), []);
    }

    private static Outcome<CertificateAuthority> Of(Keystore keystore)
    {
        KeyEntry? Find(string alias) => keystore.Keys.FirstOrDefault(key => key.Alias == alias && key.Certificate.GetECDsaPrivateKey() is not null);
        return Find(Alias) is { } entry
            ? new CertificateAuthority(entry, Find(NextAlias), Find(PreviousAlias))
            : new Refusal(RefusalKind.Invalid, "cluster.damaged", $"{keystore.Path} does not hold the authority's key. Copy it back from the backup.");
    }

    private static X509Certificate2 Public(KeyEntry entry) => X509CertificateLoader.LoadCertificate(entry.Certificate.RawData);
}
