// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Tutti.Testing;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor;

namespace Tutti.Wiring.Tests.Certificates.Issuing;

/// <summary>An installation's own authority: what it may sign, and how it is kept and changed.</summary>
public sealed class CertificateAuthorityTests : IDisposable
{
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Row", "B-37")]
    public void It_signs_for_its_domains_only_and_nobody_trusts_what_it_signs_for_others()
    {
        using var limited = CertificateAuthority.Create("Limited", ["tutti.test"], _now);
        var refused = Sign(limited, "trk.example.com");

        Assert.Equal("cluster.other-domain", refused.Refusal.Code);
        Assert.Equal(["tutti.test"], limited.Domains);
        Assert.True(IsTrusted(Sign(limited, "trk.tutti.test").Value, limited.Root));
        Assert.True(IsTrusted(Sign(limited, "tutti.test").Value, limited.Root));

        // Somebody with its key and without its manners.
        Assert.False(IsTrusted(Forged(limited, "trk.example.com"), limited.Root));
        Assert.False(IsTrusted(Forged(limited, "trk.nottutti.test"), limited.Root));
        Assert.True(IsTrusted(Forged(limited, "any.tutti.test"), limited.Root));
    }

    [Theory]
    [Trait("Row", "B-37")]
    [InlineData("ui.example.com,trk.example.com", "example.com")]
    [InlineData("ui.example.com,trk.dmz.example.com", "example.com")]
    [InlineData("ui.example.com,trk.example.net", "example.com,example.net")]
    [InlineData("example.com", "example.com")]
    [InlineData("ui.example.com,localhost", "")]
    [InlineData("localhost", "")]
    public void Its_domains_are_those_of_the_servers_and_none_where_one_has_none(string hosts, string domains) =>
        Assert.Equal(domains, string.Join(',', NameConstraints.DomainsOf(hosts.Split(','))));

    [Fact]
    [Trait("Row", "B-37")]
    public void What_is_exported_opens_with_the_passphrase_only()
    {
        using var authority = CertificateAuthority.Create("Authority", [], _now);
        authority.Save(_folder.Path);
        var path = _folder.File("safe.p12");
        File.WriteAllBytes(path, authority.Export("correct horse battery"));

        Assert.Equal("ssl.keystore-password", CertificateAuthority.Import(path, "wrong horse battery").Refusal.Code);
        using var back = CertificateAuthority.Import(path, "correct horse battery").Value;
        Assert.Equal(authority.Root.Thumbprint, back.Root.Thumbprint);
        Assert.True(IsTrusted(Sign(back, "trk.tutti.test").Value, authority.Root));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("authority.p12")));
    }

    [Fact]
    [Trait("Row", "B-38")]
    public void Changed_it_is_read_back_as_far_as_it_was()
    {
        using var first = CertificateAuthority.Create("First", ["tutti.test"], _now);
        first.Save(_folder.Path);
        var begun = Reread(first.WithNext("Second", ["tutti.test", "example.com"], _now));
        var changed = Reread(begun.Changed());
        var done = Reread(changed.WithoutPrevious());

        Assert.Equal((first.Root.Thumbprint, begun.Next?.Thumbprint, null), (begun.Root.Thumbprint, begun.Trusted[1].Thumbprint, begun.Previous));
        Assert.Equal((begun.Next!.Thumbprint, first.Root.Thumbprint, null), (changed.Root.Thumbprint, changed.Previous!.Thumbprint, changed.Next));
        Assert.Equal([begun.Next.Thumbprint], done.Trusted.Select(root => root.Thumbprint));
        Assert.True(Sign(begun, "trk.example.com").IsRefused);
        Assert.True(IsTrusted(Sign(changed, "trk.example.com").Value, changed.Root));
    }

    [Fact]
    [Trait("Row", "B-38")]
    [Trait("Row", "B-20")]
    public void While_it_is_changed_what_the_previous_one_signed_stays_revoked()
    {
        using var first = CertificateAuthority.Create("First", [], _now);
        var old = Sign(first, "trk.tutti.test").Value;
        using var changed = first.WithNext("Second", [], _now).Changed();
        var young = Sign(changed, "dst.tutti.test").Value;
        var crl = Directory.CreateDirectory(_folder.File("crl")).FullName;
        File.WriteAllBytes(Path.Combine(crl, "authority.crl"), changed.RevocationList([(old.SerialNumber, _now), (young.SerialNumber, _now)], 2, _now));
        List<Complaint> warnings = [];

        var lists = RevocationLists.Read(crl, changed.Trusted, _now, warnings);

        Assert.Empty(warnings);
        Assert.Equal("tls.revoked", lists.Find(new TrustedPath([old, first.Root]))?.Code);
        Assert.Equal("tls.revoked", lists.Find(new TrustedPath([young, changed.Root]))?.Code);
        Assert.Null(lists.Find(new TrustedPath([Sign(changed, "dst.tutti.test").Value, changed.Root])));
    }

    private static Tutti.Wiring.Outcomes.Outcome<X509Certificate2> Sign(CertificateAuthority authority, string host) =>
        authority.Sign(NewKey.SigningRequest(NewKey.Create("server", [host], NewKeyType.Ec256, _now)), host, _now, CertificateAuthority.CertificateLife);

    private X509Certificate2 Forged(CertificateAuthority authority, string host)
    {
        File.WriteAllBytes(_folder.File("forging.p12"), authority.Export("a passphrase"));
        using var issuer = X509CertificateLoader.LoadPkcs12FromFile(_folder.File("forging.p12"), "a passphrase", X509KeyStorageFlags.EphemeralKeySet);
        using var key = global::System.Security.Cryptography.ECDsa.Create(global::System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, global::System.Security.Cryptography.HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        return request.Create(issuer, _now.AddMinutes(-1), _now.AddDays(1), [1, 2, 3]);
    }

    private static bool IsTrusted(X509Certificate2 certificate, X509Certificate2 root)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(certificate);
    }

    private CertificateAuthority Reread(CertificateAuthority authority)
    {
        authority.Save(_folder.Path);
        return CertificateAuthority.Read(_folder.Path).Value;
    }
}
