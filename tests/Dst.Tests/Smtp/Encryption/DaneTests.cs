// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Encryption;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Smtp.Encryption;

/// <summary>DANE as DNS server and receiver see it. In the zones an exclamation mark means that the resolver has validated it.</summary>
public sealed class DaneTests
{
    private const string Secure = "news.example 300! MX 10 mx.example\nmx.example 300! A 127.0.0.1\n";

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    public async Task The_published_certificate_of_a_host_is_enough_whatever_its_name_and_dates(int selector, int matching)
    {
        var certificate = TestAuthority.SelfSigned(new TestCertificate("nobody.example") { From = TestCertificate.Usual.AddDays(-9), Until = TestCertificate.Usual.AddDays(-3) });
        await using var outbound = await With(Secure + Record(3, selector, matching, certificate.Certificate));
        var peer = outbound.Receive(1, certificate, Outbound.Taken);

        Assert.Equal(Result.Accepted, (await outbound.Send()).Result);
        await peer.Played;
        Assert.Equal(["mx.example"], peer.NamesAskedFor);
        Assert.Equal(["Tlsa news.example mx.example successful"], outbound.Results());
    }

    [Theory]
    [InlineData(2, "mx.example", true)]
    [InlineData(2, "news.example", true)]
    [InlineData(2, "other.example", false)]
    [InlineData(3, "other.example", true)]
    public async Task Another_certificate_than_the_published_one_puts_mail_off(int usage, string name, bool fits)
    {
        var authority = new TestAuthority("Published");
        var below = authority.Intermediate("Below it");
        var certificate = below.Issue(new TestCertificate(name));
        var published = usage == 2 ? below.Certificate : certificate.Certificate;
        await using var good = await With(Secure + Record(usage, 1, 1, published));
        good.Receive(1, certificate, fits ? Outbound.Taken : Outbound.Started);
        await using var bad = await With(Secure + Record(usage, 1, 1, published));
        var forger = new TestAuthority("Published").Intermediate("Below it");
        var peer = bad.Receive(1, forger.Issue(new TestCertificate(name)), Outbound.Started, Outbound.Plain);

        Assert.Equal(fits ? Result.Accepted : Result.Deferred, (await good.Send()).Result);
        var answer = await bad.Send();

        Assert.Equal(Result.Deferred, answer.Result);
        Assert.Contains("DANE", answer.Text, StringComparison.Ordinal);
        Assert.Equal(1, peer.Connections);
        Assert.Equal(["Tlsa news.example mx.example validation-failure"], bad.Results());
    }

    [Fact]
    public async Task The_certificate_of_an_authority_proves_nothing_unless_it_signed()
    {
        // The forger shows the true authority's certificate beside its own.
        var authority = new TestAuthority("Published").Intermediate("Below it");
        var forged = new TestAuthority("Published").Intermediate("Below it").Issue(new TestCertificate("mx.example"));
        await using var outbound = await With(Secure + Record(2, 0, 1, authority.Certificate));
        outbound.Receive(1, forged with { Intermediates = [authority.Certificate] }, Outbound.Started);

        Assert.Equal(Result.Deferred, (await outbound.Send()).Result);
    }

    [Fact]
    public async Task An_authority_that_stands_in_the_DNS_as_a_whole_need_not_be_shown()
    {
        var authority = new TestAuthority("Published");
        var issued = authority.Issue(new TestCertificate("mx.example"));
        await using var outbound = await With(Secure + Record(2, 0, 0, authority.Certificate));
        outbound.Receive(1, issued, Outbound.Taken);

        Assert.Equal(Result.Accepted, (await outbound.Send()).Result);
    }

    [Theory]
    [InlineData("TLSA 1 1 1 AA")]
    [InlineData("TLSA 3 1 1 AABB")]
    [InlineData("TLSA 3 7 1 AABB")]
    public async Task Records_that_are_of_no_use_demand_encryption_with_any_certificate(string record)
    {
        await using var outbound = await With(Secure + $"_PORT._tcp.mx.example 300! {record}");
        outbound.Receive(1, (IssuedCertificate?)null, Outbound.Taken);
        await using var plain = await With(Secure + $"_PORT._tcp.mx.example 300! {record}");
        var peer = plain.Receive(1, (IssuedCertificate?)null, Outbound.Plain);

        Assert.Equal(Result.Accepted, (await outbound.Send()).Result);
        Assert.Equal(Result.Deferred, (await plain.Send()).Result);
        Assert.Empty(peer.Messages);
    }

    [Fact]
    public async Task Records_that_cannot_be_looked_up_put_mail_off_and_nobody_is_called()
    {
        await using var outbound = await With(Secure + "_PORT._tcp.mx.example SERVFAIL");
        var peer = outbound.Receive(1, (IssuedCertificate?)null, Outbound.Plain);

        Assert.Equal(Result.Deferred, (await outbound.Send()).Result);
        Assert.Equal(0, peer.Connections);
        Assert.Equal(["Tlsa news.example mx.example dnssec-invalid"], outbound.Results());
    }

    [Theory]
    [InlineData("news.example 300 MX 10 mx.example\nmx.example 300! A 127.0.0.1\n", false)]
    [InlineData("news.example 300! MX 10 mx.example\nmx.example 300 A 127.0.0.1\n", false)]
    [InlineData(Secure, true)]
    public async Task Records_count_only_where_all_that_leads_to_them_is_validated(string way, bool counts)
    {
        using var other = TestAuthority.SelfSigned(new TestCertificate("x.example")).Certificate;
        await using var outbound = await With(way + Record(3, 1, 1, other));

        Assert.Equal(counts ? TlsLevel.Dane : TlsLevel.May, (await outbound.Find()).Hosts[0].Tls.Level);
        Assert.Equal(counts, outbound.Dns.Asked.Any(question => question.EndsWith(" 52", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_resolver_that_is_not_called_trustworthy_is_not_believed()
    {
        using var other = TestAuthority.SelfSigned(new TestCertificate("x.example")).Certificate;
        await using var outbound = await Outbound.With(Secure + Record(3, 1, 1, other));
        outbound.Receive(1, (IssuedCertificate?)null, Outbound.Taken);

        Assert.Equal(Result.Accepted, (await outbound.Send()).Result);
    }

    [Fact]
    public async Task TLSA_records_of_the_name_behind_an_alias_count_before_those_of_the_alias()
    {
        var certificate = TestAuthority.SelfSigned(new TestCertificate("x.example"));
        await using var outbound = await With(
            $"""
            news.example 300! MX 10 alias.example
            alias.example 300! CNAME mx.example
            mx.example 300! A 127.0.0.1
            {Record(3, 1, 1, certificate.Certificate)}
            """);
        outbound.Receive(1, certificate, Outbound.Taken);

        Assert.Equal(Result.Accepted, (await outbound.Send()).Result);
    }

    [Fact]
    public async Task DANE_counts_before_MTA_STS()
    {
        var certificate = TestAuthority.SelfSigned(new TestCertificate("x.example"));
        await using var outbound = await With(
            Secure + Record(3, 1, 1, certificate.Certificate) + "\n_mta-sts.news.example 300 TXT v=STSv1; id=one\nmta-sts.news.example 300 A 127.0.0.1");
        outbound.Web.Answer = PolicyServer.Ok("version: STSv1\nmode: enforce\nmx: other.example\nmax_age: 604800\n");
        outbound.Receive(1, certificate, Outbound.Taken);

        Assert.Equal(Result.Accepted, (await outbound.Send()).Result);
        Assert.Single(outbound.Web.Requests);
    }

    private static Task<Outbound> With(string zone) => Outbound.With(zone, settings => settings with { ResolverValidates = true });

    private static string Record(int usage, int selector, int matching, X509Certificate2 certificate)
    {
        var bytes = selector == 0 ? certificate.RawData : certificate.PublicKey.ExportSubjectPublicKeyInfo();
        var data = matching switch { 0 => bytes, 1 => SHA256.HashData(bytes), _ => SHA512.HashData(bytes) };
        return $"_PORT._tcp.mx.example 300! TLSA {usage} {selector} {matching} {Convert.ToHexString(data)}";
    }
}
