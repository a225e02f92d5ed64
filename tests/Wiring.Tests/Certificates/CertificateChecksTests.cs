// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tutti.Testing;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Tests.Certificates;

public sealed class CertificateChecksTests
{
    private static readonly DateTimeOffset _now = TestCertificate.Usual.AddHours(12);
    private static readonly TestAuthority _a = new("A");
    private static readonly TestAuthority _b = new("B");
    private static readonly TestAuthority _a1 = _a.Intermediate("A1");
    private static readonly CertificateRules _rules = new([_a.Certificate], _now) { Home = "/srv/tutti" };

    private static readonly CertificateUse[] _all = [CertificateUse.Own, CertificateUse.OwnForHttps, CertificateUse.Calling, CertificateUse.Called];

    [Fact]
    [Trait("Row", "C-2.2.0.3")]
    public void A_good_certificate_is_good_in_every_role_and_shows_its_path()
    {
        var good = _a1.Issue(new TestCertificate("ui.tutti.test"));

        Assert.All(_all, use =>
        {
            var path = Check(good, use).Value;
            Assert.Equal(["CN=ui.tutti.test", "CN=A1, O=Tutti tests", "CN=A, O=Tutti tests"], path.Certificates.Select(certificate => certificate.Subject));
            Assert.Equal(_a.Certificate.Thumbprint, path.Root.Thumbprint);
            Assert.Equal(["CN=A1, O=Tutti tests"], path.Intermediates.Select(certificate => certificate.Subject));
            Assert.Equal(good.Certificate.NotAfter.ToUniversalTime(), path.NotAfter.UtcDateTime);
        });
    }

    [Fact]
    [Trait("Row", "C-2.2.0.3")]
    public void The_chain_is_judged_with_a_reason_of_its_own()
    {
        var selfSigned = TestAuthority.SelfSigned(new TestCertificate("ui.tutti.test"));
        var ofB = _b.Issue(new TestCertificate("ui.tutti.test"));
        var withRootB = ofB with { Intermediates = [_b.Certificate] };
        var leafOnly = _a1.Issue(new TestCertificate("ui.tutti.test")) with { Intermediates = [] };
        var forged = new TestAuthority("A").Issue(new TestCertificate("ui.tutti.test"));

        Expect("tls.self-signed", "signed by itself", Check(selfSigned, CertificateUse.Calling));
        Expect("ssl.cert-unsigned", "tutti cert request --home /srv/tutti", Check(selfSigned, CertificateUse.Own));
        Expect("tls.untrusted", "'CN=B, O=Tutti tests' was neither sent", Check(ofB, CertificateUse.Called));
        Expect("tls.untrusted", "below the root 'CN=B", Check(withRootB, CertificateUse.Called));
        Expect("ssl.cert-untrusted", "tutti cert trust add --home /srv/tutti", Check(withRootB, CertificateUse.Own));
        Expect("tls.untrusted", "'CN=A1, O=Tutti tests' was neither sent", Check(leafOnly, CertificateUse.Calling));
        Expect("tls.chain-incomplete", "left out its intermediate 'CN=A1", Check(leafOnly, CertificateUse.Calling, _rules with { Known = [_a1.Certificate, _a.Certificate] }));
        Expect("ssl.cert-incomplete", "'CN=A1, O=Tutti tests' is missing", Check(leafOnly, CertificateUse.Own));
        Expect("ssl.cert-untrusted", "no root is trusted", Check(leafOnly, CertificateUse.Own, _rules with { Roots = [] }));
        Assert.True(Check(forged, CertificateUse.Calling).IsRefused);
    }

    [Fact]
    [Trait("Row", "X-13")]
    public void A_trusted_server_certificate_is_accepted_and_a_trusted_intermediate_is_no_anchor()
    {
        var selfSigned = TestAuthority.SelfSigned(new TestCertificate("ui.tutti.test"));

        Assert.False(Check(selfSigned, CertificateUse.Own, _rules with { Roots = [selfSigned.Certificate] }).IsRefused);
        Expect("tls.untrusted", "", Check(_a1.Issue(new TestCertificate("ui.tutti.test")), CertificateUse.Calling, _rules with { Roots = [_a1.Certificate] }));
    }

    [Fact]
    [Trait("Row", "B-10")]
    public void An_intermediate_that_only_this_server_knows_does_not_complete_its_own_keystore()
    {
        var leafOnly = _a1.Issue(new TestCertificate("ui.tutti.test")) with { Intermediates = [] };
        var rules = _rules with { Roots = [_a.Certificate, _a1.Certificate] };

        Assert.False(Check(leafOnly, CertificateUse.Calling, rules).IsRefused);
        Expect("ssl.cert-incomplete", "without the intermediate 'CN=A1", Check(leafOnly, CertificateUse.Own, rules));
    }

    [Fact]
    [Trait("Row", "B-10")]
    public void An_intermediate_in_the_folders_of_this_user_does_not_help_a_peer()
    {
        // The framework uses what lies there without being asked.
        var here = new TestAuthority("Per-user root");
        var below = here.Intermediate("Per-user intermediate");
        using var store = new X509Store(StoreName.CertificateAuthority, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadWrite);
        store.Add(below.Certificate);
        try
        {
            var leafOnly = below.Issue(new TestCertificate("ui.tutti.test")) with { Intermediates = [] };

            Expect("tls.untrusted", "was neither sent", Check(leafOnly, CertificateUse.Calling, _rules with { Roots = [here.Certificate] }));
        }
        finally
        {
            store.Remove(below.Certificate);
        }
    }

    [Fact]
    [Trait("Row", "C-2.2.0.3")]
    public void Constraints_of_an_authority_hold()
    {
        var narrow = _a.Intermediate("Narrow", permittedDomain: "society.test");
        var deep = _a.Intermediate("Short", pathLength: 0).Intermediate("Too deep");

        Assert.False(Check(narrow.Issue(new TestCertificate("ui.society.test")), CertificateUse.Called).IsRefused);
        Expect("tls.untrusted", "name constraints", Check(narrow.Issue(new TestCertificate("ui.tutti.test")), CertificateUse.Called));
        Expect("tls.untrusted", "path length", Check(deep.Issue(new TestCertificate("ui.tutti.test")), CertificateUse.Called));
    }

    [Fact]
    [Trait("Row", "C-2.2.0.3")]
    public void Dates_count_for_the_certificate_and_for_the_authorities_above_it()
    {
        var expired = _a.Issue(new TestCertificate("ui.tutti.test") { From = _now.AddDays(-30), Until = _now.AddMinutes(-1) });
        var early = _a.Issue(new TestCertificate("ui.tutti.test") { From = _now.AddMinutes(1) });
        var oldAbove = _a.Intermediate("Old", until: _now.AddMinutes(-1)).Issue(new TestCertificate("ui.tutti.test") { Until = _now.AddMinutes(-1) });
        var inTime = _a.Issue(new TestCertificate("ui.tutti.test") { From = _now.AddMinutes(-1), Until = _now.AddMinutes(1) });

        Expect("tls.expired", "the clock here says", Check(expired, CertificateUse.Calling));
        Expect("ssl.cert-expired", "ended on", Check(expired, CertificateUse.Own));
        Expect("tls.not-yet-valid", "valid from", Check(early, CertificateUse.Called));
        Expect("ssl.cert-not-yet-valid", "look whether the clock is right", Check(early, CertificateUse.Own));
        Expect("tls.expired", "", Check(oldAbove, CertificateUse.Calling));
        Expect("tls.expired", "authority's certificate 'CN=A, O=Tutti tests'", Check(_a.Issue(new TestCertificate("x.test") { Until = _now.AddYears(11) }), CertificateUse.Calling, _rules with { Now = _now.AddYears(10).AddDays(1) }));
        Assert.False(Check(inTime, CertificateUse.Calling).IsRefused);
    }

    [Theory]
    [Trait("Row", "B-18")]
    [InlineData(null, true, true, true, true)]
    [InlineData("serverAuth,clientAuth", true, true, true, true)]
    [InlineData("serverAuth", false, true, false, true)]
    [InlineData("clientAuth", false, false, true, false)]
    [InlineData("any", false, false, false, false)]
    [InlineData("emailProtection", false, false, false, false)]
    [InlineData("serverAuth,any", false, true, false, true)]
    public void Purposes_are_as_the_certificate_lists_them(string? uses, bool own, bool https, bool calling, bool called)
    {
        var certificate = _a.Issue(new TestCertificate("ui.tutti.test") { Uses = uses?.Split(',') });

        Assert.Equal([own, https, calling, called], _all.Select(use => !Check(certificate, use).IsRefused));
        Assert.All(_all.Where(use => Check(certificate, use).IsRefused), use =>
            Assert.Equal(use is CertificateUse.Own or CertificateUse.OwnForHttps ? "ssl.cert-purpose" : "tls.purpose", Check(certificate, use).Refusal.Code));

        // The same list on the authority above says the same.
        var below = _a.Intermediate("Purposeful", uses: uses?.Split(',')).Issue(new TestCertificate("ui.tutti.test"));
        Assert.Equal([own, https, calling, called], _all.Select(use => !Check(below, use).IsRefused));
    }

    [Theory]
    [Trait("Row", "B-18")]
    [InlineData("serverAuth", true)]
    [InlineData("clientAuth", false)]
    [InlineData("emailProtection", false)]
    public void Where_it_is_set_serverAuth_is_enough_for_callers_too(string uses, bool isGood)
    {
        var certificate = _a.Issue(new TestCertificate("ui.tutti.test") { Uses = [uses] });
        var rules = _rules with { AcceptServerOnly = true };

        Assert.Equal(isGood, !Check(certificate, CertificateUse.Own, rules).IsRefused);
        Assert.Equal(isGood || uses == "clientAuth", !Check(certificate, CertificateUse.Calling, rules).IsRefused);
    }

    [Fact]
    [Trait("Row", "B-18")]
    public void Missing_uses_are_named_and_the_setting_that_does_without()
    {
        var server = _a.Issue(new TestCertificate("ui.tutti.test") { Uses = ["serverAuth"] });
        var mail = _a.Issue(new TestCertificate("ui.tutti.test") { Uses = ["emailProtection"] });

        Expect("ssl.cert-purpose", "lacks the use clientAuth.", Check(server, CertificateUse.Own));
        Expect("ssl.cert-purpose", "AcceptServerOnlyCertificates=yes", Check(server, CertificateUse.Own));
        Expect("ssl.cert-purpose", "lacks the use serverAuth and clientAuth.", Check(mail, CertificateUse.Own));
        Expect("tls.purpose", "may not be used for clientAuth", Check(server, CertificateUse.Calling));
    }

    [Fact]
    [Trait("Row", "B-18")]
    public void Key_usage_must_allow_signatures_and_an_authority_is_no_server()
    {
        Expect("tls.purpose", "digitalSignature", Check(_a.Issue(new TestCertificate("ui.tutti.test") { KeyUsages = X509KeyUsageFlags.KeyEncipherment }), CertificateUse.Called));
        Assert.False(Check(_a.Issue(new TestCertificate("ui.tutti.test") { KeyUsages = null }), CertificateUse.Called).IsRefused);
        Expect("tls.purpose", "of an authority", Check(_a.Issue(new TestCertificate("ui.tutti.test") { IsAuthority = true }), CertificateUse.Called));
        Expect("ssl.cert-purpose", "of an authority", Check(_a.Issue(new TestCertificate("ui.tutti.test") { IsAuthority = true }), CertificateUse.Own));
    }

    [Fact]
    [Trait("Row", "B-21")]
    public void Weak_keys_and_signatures_are_refused_below_the_root()
    {
        Expect("tls.weak", "RSA key of 1024 bits", Check(_a.Issue(new TestCertificate("ui.tutti.test") { KeyType = "rsa1024" }), CertificateUse.Calling));
        Expect("ssl.cert-weak", "RSA key of 1024 bits", Check(_a.Issue(new TestCertificate("ui.tutti.test") { KeyType = "rsa1024" }), CertificateUse.Own));
        var r = new TestAuthority("R", "rsa2048");
        var rules = _rules with { Roots = [r.Certificate] };
        var sha1 = new TestCertificate("ui.tutti.test") { Hash = HashAlgorithmName.SHA1 };
        Expect("tls.weak", "is signed with SHA-1", Check(r.Issue(sha1), CertificateUse.Calling, rules));
        Expect("tls.weak", "authority's certificate 'CN=S", Check(r.Intermediate("S", hash: HashAlgorithmName.SHA1).Issue(new TestCertificate("ui.tutti.test")), CertificateUse.Calling, rules));

        var sha1Root = new TestAuthority("Old", "rsa2048", hash: HashAlgorithmName.SHA1);
        Assert.False(Check(sha1Root.Issue(new TestCertificate("ui.tutti.test")), CertificateUse.Calling, _rules with { Roots = [sha1Root.Certificate] }).IsRefused);
        var weakAbove = r.Intermediate("W", keyType: "rsa1024").Issue(new TestCertificate("ui.tutti.test"));
        Expect("tls.weak", "authority's certificate 'CN=W", Check(weakAbove, CertificateUse.Calling, rules));
    }

    [Theory]
    [Trait("Row", "B-19")]
    [InlineData("rsa2048")]
    [InlineData("rsa3072")]
    [InlineData("rsa4096")]
    [InlineData("ec256")]
    [InlineData("ec384")]
    [InlineData("ec521")]
    public void The_usual_kinds_of_keys_are_good(string type) => Assert.False(Check(_a.Issue(new TestCertificate("ui.tutti.test") { KeyType = type }), CertificateUse.Own).IsRefused);

    [Fact]
    [Trait("Row", "B-33")]
    public void Line_breaks_in_a_name_do_not_reach_the_message()
    {
        var sly = new TestAuthority("x\nConnection accepted");

        Assert.DoesNotContain('\n', Check(sly.Issue(new TestCertificate("ui.tutti.test")), CertificateUse.Calling).Refusal.Message);
    }

    private static Outcome<TrustedPath> Check(IssuedCertificate issued, CertificateUse use, CertificateRules? rules = null) =>
        CertificateChecks.Check(issued.Certificate, issued.Intermediates, use, rules ?? _rules);

    private static void Expect(string code, string words, Outcome<TrustedPath> outcome)
    {
        Assert.True(outcome.IsRefused, $"{code} was expected, but it was good.");
        Assert.Equal(code, outcome.Refusal.Code);
        Assert.Contains(words, outcome.Refusal.Message, StringComparison.Ordinal);
    }
}
