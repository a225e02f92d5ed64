// SPDX-License-Identifier: Apache-2.0
using Tutti.Testing;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Tests.Certificates;

public sealed class OwnCertificateTests
{
    private const string Name = "ui.tutti.test";

    private static readonly DateTimeOffset _now = TestCertificate.Usual.AddHours(12);
    private static readonly TestAuthority _a = new("A");
    private static readonly IssuedCertificate _good = _a.Issue(new TestCertificate(Name));
    private static readonly CertificateRules _rules = new([_a.Certificate], _now);

    [Fact]
    [Trait("Row", "C-2.2.0.10")]
    public void A_certificate_for_another_name_is_refused_with_the_names_that_are_there()
    {
        var refusal = Choose(("dst", _a.Issue(new TestCertificate("dst.tutti.test")))).Refusal;

        Assert.Equal("ssl.cert-name", refusal.Code);
        Assert.Contains("no certificate for ui.tutti.test, only for dst.tutti.test", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("tutti cert create --name ui.tutti.test", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "B-16")]
    public void Wildcards_alone_are_no_name() =>
        Assert.Contains("*.tutti.test", Choose(("w", _a.Issue(new TestCertificate("*.tutti.test")))).Refusal.Message, StringComparison.Ordinal);

    [Fact]
    [Trait("Row", "B-27")]
    public void Of_several_keys_the_one_for_this_server_counts() =>
        Assert.Equal("ui", Choose(("dst", _a.Issue(new TestCertificate("dst.tutti.test"))), ("ui", _good)).Value.Entry.Alias);

    [Fact]
    [Trait("Row", "B-27")]
    public void Of_several_for_this_server_the_good_one_counts()
    {
        var expired = _a.Issue(new TestCertificate(Name) { From = _now.AddDays(-9), Until = _now.AddDays(-1) });
        var placeholder = TestAuthority.SelfSigned(new TestCertificate(Name));

        Assert.Equal("new", Choose(("old", expired), ("new", _good), ("draft", placeholder)).Value.Entry.Alias);
        Assert.Equal("ssl.cert-expired", Choose(("draft", placeholder), ("old", expired)).Refusal.Code);
        Assert.Equal("ssl.cert-unsigned", Choose(("draft", placeholder)).Refusal.Code);
    }

    [Fact]
    [Trait("Row", "B-27")]
    public void Two_good_ones_are_named_and_none_is_guessed()
    {
        var rsa = _a.Issue(new TestCertificate(Name) { KeyType = "rsa2048" });
        using var key = TestAuthority.CreateKey("ec256");
        var first = _a.Issue(new TestCertificate(Name) { Key = key });
        var again = _a.Issue(new TestCertificate(Name) { Key = key });

        var refusal = Choose(("ec", _good), ("rsa", rsa)).Refusal;

        Assert.Equal("ssl.key-ambiguous", refusal.Code);
        Assert.Contains($"'ec', serial {_good.Certificate.SerialNumber}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"'rsa', serial {rsa.Certificate.SerialNumber}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("keytool -delete", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("ssl.key-ambiguous", Choose(("first", first), ("again", again)).Refusal.Code);
    }

    [Fact]
    public void A_keystore_without_a_key_says_how_to_make_one()
    {
        var keystore = Keystore.Parse("/srv/s.p12", IssuedCertificate.TrustedRoots("secret", _a.Certificate), "secret").Value;

        var refusal = OwnCertificate.Choose(keystore, Name, CertificateUse.Own, _rules).Refusal;

        Assert.Equal("ssl.no-key", refusal.Code);
        Assert.Contains("tutti cert create --name ui.tutti.test --keystore /srv/s.p12", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "B-13")]
    public void The_case_of_a_name_does_not_matter() =>
        Assert.Equal("UI", Choose(("UI", _a.Issue(new TestCertificate("UI.Tutti.TEST")))).Value.Entry.Alias);

    private static Outcome<OwnCertificate> Choose(params (string Alias, IssuedCertificate Issued)[] entries) =>
        OwnCertificate.Choose(Keystore.Parse("/srv/s.p12", IssuedCertificate.Keystore("secret", entries), "secret").Value, Name, CertificateUse.Own, _rules);
}
