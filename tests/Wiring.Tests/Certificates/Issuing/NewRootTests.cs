// SPDX-License-Identifier: Apache-2.0
using Tutti.Testing;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;

namespace Tutti.Wiring.Tests.Certificates.Issuing;

public sealed class NewRootTests
{
    private static readonly DateTimeOffset _now = TestCertificate.Usual.AddHours(12);

    [Fact]
    [Trait("Row", "C-2.2.1.4")]
    public void Only_what_can_be_an_anchor_is_taken()
    {
        var root = new TestAuthority("A");
        var below = root.Intermediate("A1");

        Assert.Null(NewRoot.Judge(root.Certificate, _now).Value.Warning);
        Refused("trust.not-a-root", "'CN=A1, O=Tutti tests' is an intermediate, issued by 'CN=A, O=Tutti tests'", below.Certificate);
        Refused("trust.not-a-root", "is no authority", below.Issue(new TestCertificate("ui.tutti.test")).Certificate);
        Refused("trust.expired", "ended on", new TestAuthority("Old", until: _now.AddDays(-1)).Certificate);
        Refused("trust.weak", "RSA key of 1024 bits", new TestAuthority("Weak", "rsa1024").Certificate);
    }

    [Fact]
    [Trait("Row", "X-13")]
    public void A_server_that_signed_itself_is_taken_with_a_warning() =>
        Assert.Contains("single server", NewRoot.Judge(TestAuthority.SelfSigned(new TestCertificate("ui.tutti.test")).Certificate, _now).Value.Warning, StringComparison.Ordinal);

    [Fact]
    public void Entries_get_names_that_nobody_has_yet()
    {
        var root = NewRoot.Judge(new TestAuthority("Our Own CA (2026)").Certificate, _now).Value;
        var nameless = NewRoot.Judge(new TestAuthority("Ω").Certificate, _now).Value;

        Assert.Equal("our-own-ca-2026", root.FreeAlias([]));
        Assert.Equal("our-own-ca-2026-2", root.FreeAlias([new TrustedEntry("Our-Own-CA-2026", root.Certificate)]));
        Assert.Equal("root", nameless.FreeAlias([]));
    }

    private static void Refused(string code, string words, System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
    {
        var refusal = NewRoot.Judge(certificate, _now).Refusal;
        Assert.Equal(code, refusal.Code);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }
}
