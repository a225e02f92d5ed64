// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tutti.Dst.SenderDomains;
using Tutti.Dst.Signing;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.SourceAddresses;
using Tutti.Mail.Dkim;

namespace Tutti.Dst.Tests.SenderDomains;

public sealed class CheckDomainTests
{
    private static readonly DkimKey _key = DkimKey.Create(DkimAlgorithm.Ed25519);
    private static readonly DkimRecord _record = DkimRecord.Of(_key, "news.example", "s1");
    private static readonly string _good = $"""
        news.example TXT v=spf1 ip4:198.51.100.7 -all
        news.example MX mx.news.example
        s1._domainkey.news.example TXT {_record.Text}
        _dmarc.news.example TXT v=DMARC1; p=reject; rua=mailto:dmarc@news.example
        198.51.100.7 PTR out.news.example
        out.news.example A 198.51.100.7
        """;

    [Fact]
    public async Task A_domain_that_is_as_it_should_be_has_five_good_findings()
    {
        var findings = await Findings(_good);
        Assert.Equal(["SPF", "DKIM", "DMARC", "PTR", "MX"], findings.Select(finding => finding.Subject));
        Assert.All(findings, finding => Assert.True(finding.Level == FindingLevel.Good, finding.Text));
    }

    [Theory]
    [InlineData("news.example TXT v=spf1", "x.example TXT v=spf1", "SPF", FindingLevel.Error, "v=spf1 ip4:198.51.100.7 ~all")]
    [InlineData("ip4:198.51.100.7 -all", "-all", "SPF", FindingLevel.Error, "Add to it, before its \"all\": ip4:198.51.100.7")]
    [InlineData("ip4:198.51.100.7 -all", "ipv4:198.51.100.7 -all", "SPF", FindingLevel.Error, "ipv4:198.51.100.7")]
    [InlineData("s1._domainkey", "s2._domainkey", "DKIM", FindingLevel.Error, "is not published, so receivers cannot check")]
    [InlineData("k=ed25519; p=", "k=ed25519; p=A", "DKIM", FindingLevel.Error, "another key")]
    [InlineData("s1._domainkey.news.example TXT", "s1._domainkey.news.example FAIL", "DKIM", FindingLevel.Unknown, "failed")]
    [InlineData("_dmarc.news.example TXT", "_dmarc.x.example TXT", "DMARC", FindingLevel.Error, "v=DMARC1; p=none")]
    [InlineData("; rua=mailto:dmarc@news.example", "", "DMARC", FindingLevel.Warning, "rua=")]
    [InlineData("198.51.100.7 PTR out.news.example", "", "PTR", FindingLevel.Error, "set a PTR record to out.news.example")]
    [InlineData("PTR out.news.example", "PTR other.example", "PTR", FindingLevel.Error, "does not lead back")]
    [InlineData("MX mx.news.example", "MX .", "MX", FindingLevel.Error, "null MX")]
    [InlineData("news.example MX", "news.example X", "MX", FindingLevel.Error, "nobody can answer")]
    public async Task Each_defect_is_named_with_what_to_do(string old, string changed, string subject, FindingLevel level, string words)
    {
        var finding = Assert.Single(await Findings(_good.Replace(old, changed, StringComparison.Ordinal)), one => one.Subject == subject);
        Assert.True(finding.Level == level, finding.Text);
        Assert.Contains(words, finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_policy_of_the_domain_above_counts_where_a_domain_has_none()
    {
        var zone = _good.Replace("_dmarc.news.example TXT v=DMARC1; p=reject;", "_dmarc.example TXT v=DMARC1; p=reject; sp=quarantine; pct=20;", StringComparison.Ordinal);
        var finding = Assert.Single(await Findings(zone), one => one.Subject == "DMARC");
        Assert.Contains("(of example) is \"quarantine\"", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_name_causes_eight_lookups_at_most()
    {
        var places = DmarcRecord.Places("a.b.c.d.e.f.g.h.i.j.example.org").ToList();
        Assert.Equal(("a.b.c.d.e.f.g.h.i.j.example.org", "f.g.h.i.j.example.org"), (places[0], places[1]));
        Assert.Equal(8, places.Count);
        Assert.Equal(["news.example.org", "example.org", "org"], DmarcRecord.Places("news.example.org"));
    }

    [Theory]
    [InlineData("v=DMARC1; p=none", "none")]
    [InlineData("v=DMARC1;p=Reject ; adkim=s", "reject")]
    [InlineData("v=DMARC1; p=something", "none")]
    [InlineData("v=DMARC1", "none")]
    [InlineData("v=dmarc2; p=none", null)]
    [InlineData("p=none; v=DMARC1", null)]
    [InlineData("", null)]
    public void A_record_is_read_as_receivers_read_it(string text, string? policy) => Assert.Equal(policy, DmarcRecord.Read(text, "a.example", "a.example")?.Policy);

    [Theory]
    [InlineData("192.168.1.1", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("198.51.100.7", true)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("2a00:1450::1", true)]
    [InlineData("::1", false)]
    public void Addresses_of_inner_networks_are_not_seen_by_receivers(string address, bool isPublic) => Assert.Equal(isPublic, SendingAddresses.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task With_a_return_domain_SPF_and_the_way_back_are_those_of_the_envelope()
    {
        var zone = _good + "\nback.example TXT v=spf1 -all\nback.example MX out.news.example";
        var findings = await Findings(zone, "back.example");
        Assert.Contains(findings, finding => finding is { Subject: "SPF", Level: FindingLevel.Error } && finding.Text.Contains("of back.example does not let", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding is { Subject: "DMARC", Level: FindingLevel.Warning } && finding.Text.Contains("the return domain back.example does not", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding is { Subject: "MX", Level: FindingLevel.Good } && finding.Text.Contains("back.example", StringComparison.Ordinal));

        findings = await Findings(zone.Replace("back.example", "b.news.example", StringComparison.Ordinal).Replace("v=spf1 -all", "v=spf1 ip4:198.51.100.7 -all", StringComparison.Ordinal), "b.news.example");
        Assert.All(findings, finding => Assert.True(finding.Level == FindingLevel.Good, finding.Text));
        Assert.Equal(6, findings.Count);
    }

    [Fact]
    public void Addresses_that_mail_leaves_from_are_checked_under_their_own_names()
    {
        var smtp = new SmtpSettings { HeloName = "mail.example" };
        var leaving = SourcePools.Of(["8.8.4.4 out1.example", "10.0.0.1 inner.example"]).All;
        Assert.Equal([("8.8.4.4", "out1.example")], Of(new(), DeliveryMode.Mx));
        Assert.Empty(Of(new(), DeliveryMode.Smarthost));
        Assert.Equal([("8.8.4.4", "out1.example"), ("9.9.9.9", "mail.example")], Of(new() { PublicAddresses = "8.8.4.4, 9.9.9.9" }, DeliveryMode.Smarthost));

        List<(string Address, string Name)> Of(SenderDomainSettings settings, DeliveryMode mode) =>
            [.. SendingAddresses.Of(settings, smtp, leaving, mode, "", "host.example").All.Select(one => (one.Address.ToString(), one.HeloName))];
    }

    private static async Task<IReadOnlyList<Finding>> Findings(string zone, string returnDomain = "")
    {
        var key = new StoredDkimKey("news.example", "s1", DkimKeyState.Signing, "", default, DkimAlgorithm.Ed25519, _record, "");
        var senders = new SendingAddresses([new(IPAddress.Parse("198.51.100.7"), "out.news.example")], "out.news.example", returnDomain, "");
        return await new CheckDomain(new Zone(zone), _ => [key], senders).Handle("News.example", TestContext.Current.CancellationToken);
    }
}
