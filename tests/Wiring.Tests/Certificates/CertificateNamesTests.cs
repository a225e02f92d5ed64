// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Tutti.Testing;
using Tutti.Wiring.Certificates;

namespace Tutti.Wiring.Tests.Certificates;

public sealed class CertificateNamesTests
{
    private static readonly TestAuthority _authority = new();

    [Fact]
    [Trait("Row", "B-22")]
    public void All_alternative_names_count_in_their_order_and_the_common_name_does_not()
    {
        var certificate = Issue(new TestCertificate("TRK.Tutti.test", "trk-dmz.tutti.test.", "trk.tutti.TEST") { Subject = "CN=other.tutti.test" });

        Assert.Equal(["trk.tutti.test", "trk-dmz.tutti.test"], CertificateNames.Of(certificate));
        Assert.False(CertificateNames.IsMadeWithoutAlternativeName(certificate));
    }

    [Fact]
    [Trait("Row", "B-22")]
    public void A_hundred_names_are_a_hundred_names()
    {
        string[] names = [.. Enumerable.Range(1, 100).Select(number => string.Create(CultureInfo.InvariantCulture, $"h{number}.tutti.test"))];

        Assert.Equal(names, CertificateNames.Of(Issue(new TestCertificate(names))));
    }

    [Fact]
    [Trait("Row", "B-14")]
    public void Addresses_never_count_wherever_they_stand()
    {
        Assert.Empty(CertificateNames.Of(Issue(new TestCertificate() { Addresses = ["10.0.0.1", "::1"], Subject = "CN=ui.tutti.test" })));
        Assert.Empty(CertificateNames.Of(Issue(new TestCertificate("10.0.0.1"))));
        Assert.Empty(CertificateNames.Of(Issue(new TestCertificate() { HasAlternativeNames = false, Subject = "CN=10.0.0.1" })));
        Assert.Equal(["ui.tutti.test"], CertificateNames.Of(Issue(new TestCertificate("ui.tutti.test") { Addresses = ["10.0.0.1"] })));
    }

    [Fact]
    [Trait("Row", "B-16")]
    public void Wildcards_never_count_and_do_not_harm_a_name_beside_them()
    {
        Assert.Empty(CertificateNames.Of(Issue(new TestCertificate("*.test", "l*.test", "*"))));
        Assert.Empty(CertificateNames.Of(Issue(new TestCertificate() { HasAlternativeNames = false, Subject = "CN=*.test" })));
        Assert.Equal(["ui.tutti.test"], CertificateNames.Of(Issue(new TestCertificate("*.tutti.test", "ui.tutti.test"))));
    }

    [Fact]
    [Trait("Row", "B-17")]
    public void One_common_name_counts_where_there_is_no_alternative_name()
    {
        var old = Issue(new TestCertificate() { HasAlternativeNames = false, Subject = "CN=Old.Tutti.test, OU=IT, O=Society" });

        Assert.Equal(["old.tutti.test"], CertificateNames.Of(old));
        Assert.True(CertificateNames.IsMadeWithoutAlternativeName(old));
    }

    [Theory]
    [Trait("Row", "B-17")]
    [InlineData("CN=a.test, CN=b.test")]
    [InlineData("CN=a.test + CN=b.test")]
    [InlineData("CN=Head Office")]
    [InlineData("O=a.test")]
    public void Other_subjects_are_no_name(string subject) =>
        Assert.Empty(CertificateNames.Of(Issue(new TestCertificate() { HasAlternativeNames = false, Subject = subject })));

    [Fact]
    [Trait("Row", "B-17")]
    public void An_alternative_name_of_another_kind_closes_the_door_to_the_common_name()
    {
        var certificate = Issue(new TestCertificate() { Emails = ["root@tutti.test"], Subject = "CN=ui.tutti.test" });

        Assert.Empty(CertificateNames.Of(certificate));
        Assert.Equal(["ui.tutti.test"], CertificateNames.Written(certificate));
    }

    [Fact]
    [Trait("Row", "B-13")]
    public void An_international_common_name_counts_in_its_ascii_form() =>
        Assert.Equal(["xn--mller-kva.test"], CertificateNames.Of(Issue(new TestCertificate() { HasAlternativeNames = false, Subject = "CN=müller.test" })));

    private static X509Certificate2 Issue(TestCertificate wanted) => _authority.Issue(wanted).Certificate;
}
