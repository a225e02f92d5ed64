// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Tutti.Testing;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Tests.Certificates.Issuing;

public sealed class SignedCertificateTests
{
    private const string Name = "ui.tutti.test";

    private static readonly DateTimeOffset _now = TestCertificate.Usual.AddHours(12);
    private static readonly TestAuthority _root = new("A");
    private static readonly TestAuthority _below = _root.Intermediate("A1");
    private static readonly KeyEntry _placeholder = NewKey.Create("ui", [Name, "ui-dmz.tutti.test"], NewKeyType.Ec256, _now);
    private static readonly CertificateRules _rules = new([_root.Certificate], _now) { Home = "/srv/tutti" };

    [Fact]
    [Trait("Row", "C-2.2.4.1")]
    public void The_answer_to_a_request_fits_in_any_order_and_takes_its_chain_along()
    {
        var signed = _below.Sign(NewKey.SigningRequest(_placeholder));

        X509Certificate2[][] orders = [[signed.Certificate, _below.Certificate, _root.Certificate], [_root.Certificate, _below.Certificate, signed.Certificate], [_below.Certificate, signed.Certificate]];
        foreach (var given in orders)
        {
            var fitted = Fit(given).Value;

            Assert.Equal(("ui", signed.Certificate.Thumbprint), (fitted.Entry.Alias, fitted.Entry.Certificate.Thumbprint));
            Assert.Equal([_below.Certificate.Thumbprint], fitted.Entry.Chain.Select(above => above.Thumbprint));
            Assert.Equal(_root.Certificate.Thumbprint, fitted.Entry.Root?.Thumbprint);
            Assert.True(fitted.Entry.Certificate.HasPrivateKey);
            Assert.Equal([Name, "ui-dmz.tutti.test"], CertificateNames.Of(fitted.Entry.Certificate));
        }
    }

    [Fact]
    [Trait("Row", "C-2.2.4.1")]
    public void A_renewed_certificate_may_come_alone_if_the_keystore_knows_what_stands_above()
    {
        var first = Fit([_below.Sign(NewKey.SigningRequest(_placeholder)).Certificate, _below.Certificate]).Value.Entry;
        var renewed = _below.Sign(NewKey.SigningRequest(first)).Certificate;

        Assert.Equal([_below.Certificate.Thumbprint], Fit([renewed], first).Value.Entry.Chain.Select(above => above.Thumbprint));
        Assert.Equal("ssl.cert-incomplete", Fit([renewed]).Refusal.Code);
    }

    [Fact]
    [Trait("Row", "C-2.2.4.1")]
    [Trait("Row", "C-2.2.4.2")]
    public void Everything_that_does_not_fit_has_a_reason_of_its_own()
    {
        using var key = _placeholder.Certificate.GetECDsaPrivateKey()!;
        var good = new TestCertificate(Name) { Key = key };
        (string Case, X509Certificate2[] Given, CertificateRules Rules, string Code, string Words)[] cases =
        [
            ("other key", [_root.Issue(new TestCertificate(Name)).Certificate], _rules, "cert.other-key", "made for another key than 'ui'"),
            ("authorities only", [_root.Certificate, _below.Certificate], _rules, "cert.other-key", "Only certificates of authorities"),
            ("other name", [_root.Issue(good with { Names = ["trk.tutti.test"] }).Certificate], _rules, "cert.other-name", "is for trk.tutti.test, and ui.tutti.test is needed"),
            ("wildcard", [_root.Issue(good with { Names = ["*.tutti.test"] }).Certificate], _rules, "cert.other-name", "no host name that counts"),
            ("untrusted root", [_root.Issue(good).Certificate, _root.Certificate], _rules with { Roots = [new TestAuthority("B").Certificate] }, "ssl.cert-untrusted", "the root 'CN=A, O=Tutti tests', which is not trusted here. If it should be: tutti cert trust add --home /srv/tutti"),
            ("no root at all", [_root.Issue(good).Certificate], _rules with { Roots = [] }, "ssl.cert-untrusted", "issued by 'CN=A, O=Tutti tests'"),
            ("intermediate missing", [_below.Issue(good).Certificate], _rules, "ssl.cert-incomplete", "'CN=A1, O=Tutti tests' is missing"),
            ("expired", [_root.Issue(good with { From = _now.AddDays(-9), Until = _now.AddDays(-1) }).Certificate], _rules, "ssl.cert-expired", "ended on"),
            ("not yet valid", [_root.Issue(good with { From = _now.AddDays(1) }).Certificate], _rules, "ssl.cert-not-yet-valid", "is valid from"),
            ("no clientAuth", [_root.Issue(good with { Uses = ["serverAuth"] }).Certificate], _rules, "ssl.cert-purpose", "lacks the use clientAuth"),
            ("no serverAuth", [_root.Issue(good with { Uses = ["clientAuth"] }).Certificate], _rules, "ssl.cert-purpose", "lacks the use serverAuth"),
            ("authority", [_root.Issue(good with { IsAuthority = true }).Certificate], _rules, "ssl.cert-purpose", "that of an authority"),
            ("placeholder", [_placeholder.Certificate], _rules, "ssl.cert-unsigned", "tutti cert request"),
        ];

        Assert.All(cases, each =>
        {
            var outcome = Fit(each.Given, rules: each.Rules);
            Assert.True(outcome.IsRefused, each.Case);
            Assert.Equal(each.Code, outcome.Refusal.Code);
            Assert.Contains(each.Words, outcome.Refusal.Message, StringComparison.Ordinal);
        });
        Assert.False(Fit([_root.Issue(good).Certificate]).IsRefused);
    }

    [Fact]
    [Trait("Row", "C-2.2.4.1")]
    public void A_weak_signature_is_refused()
    {
        var root = new TestAuthority("R", "rsa2048");
        var placeholder = NewKey.Create("ui", [Name], NewKeyType.Rsa2048, _now);
        using var key = placeholder.Certificate.GetRSAPrivateKey()!;
        var weak = root.Issue(new TestCertificate(Name) { Key = key, Hash = System.Security.Cryptography.HashAlgorithmName.SHA1 });

        Assert.Equal("ssl.cert-weak", Fit([weak.Certificate], placeholder, _rules with { Roots = [root.Certificate] }).Refusal.Code);
    }

    [Fact]
    [Trait("Row", "C-2.2.0.21")]
    public void Without_clientAuth_it_fits_where_that_is_set_and_for_browsers()
    {
        using var key = _placeholder.Certificate.GetECDsaPrivateKey()!;
        var issued = _root.Issue(new TestCertificate(Name) { Key = key, Uses = ["serverAuth"] });

        Assert.False(Fit([issued.Certificate], rules: _rules with { AcceptServerOnly = true }).IsRefused);
        Assert.False(SignedCertificate.Fit(Store(_placeholder), null, [issued.Certificate], Name, CertificateUse.OwnForHttps, _rules).IsRefused);
    }

    [Fact]
    [Trait("Row", "C-2.2.0.18")]
    public void An_entry_for_a_further_name_takes_a_certificate_for_that_name()
    {
        var further = NewKey.Create("dmz", ["dmz.tutti.test"], NewKeyType.Ec256, _now);
        var keystore = Store(_placeholder, further);
        var signed = _root.Sign(NewKey.SigningRequest(further));

        Assert.Equal("dmz", SignedCertificate.Fit(keystore, null, [signed.Certificate], Name, CertificateUse.Own, _rules).Value.Entry.Alias);
        Assert.Equal("cert.other-key", SignedCertificate.Fit(keystore, "ui", [signed.Certificate], Name, CertificateUse.Own, _rules).Refusal.Code);
        Assert.Equal("cert.which-key", SignedCertificate.Fit(keystore, "none", [signed.Certificate], Name, CertificateUse.Own, _rules).Refusal.Code);
    }

    [Fact]
    public void One_key_in_two_entries_has_to_be_told_apart()
    {
        var signed = _root.Sign(NewKey.SigningRequest(_placeholder)).Certificate;
        var twice = Store(_placeholder, _placeholder with { Alias = "again" });

        Assert.Equal("cert.which-key", SignedCertificate.Fit(twice, null, [signed], Name, CertificateUse.Own, _rules).Refusal.Code);
        Assert.Equal("again", SignedCertificate.Fit(twice, "again", [signed], Name, CertificateUse.Own, _rules).Value.Entry.Alias);
    }

    [Fact]
    public void A_keystore_without_a_key_says_what_comes_first() =>
        Assert.Contains("tutti cert create --home /srv/tutti", SignedCertificate.Fit(Store(), null, [_root.Certificate], Name, CertificateUse.Own, _rules).Refusal.Message, StringComparison.Ordinal);

    private static Outcome<SignedCertificate> Fit(X509Certificate2[] given, KeyEntry? entry = null, CertificateRules? rules = null) =>
        SignedCertificate.Fit(Store(entry ?? _placeholder), null, given, Name, CertificateUse.Own, rules ?? _rules);

    private static Keystore Store(params KeyEntry[] entries) => Keystore.Parse("/srv/s.p12", Pkcs12Writer.Write(entries, [], "secret"), "secret").Value;
}
