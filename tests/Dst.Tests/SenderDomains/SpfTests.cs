// SPDX-License-Identifier: Apache-2.0
using System.Net;
using CsCheck;
using Tutti.Dst.SenderDomains;
using Tutti.Testing;

namespace Tutti.Dst.Tests.SenderDomains;

public sealed class SpfTests
{
    private const string Records = """
        plain.example TXT v=spf1 ip4:192.0.2.0/28 ip6:2001:db8::/32 -all
        soft.example TXT v=spf1 ~all
        neutral.example TXT v=spf1 a
        a.example TXT v=spf1 a:hosts.example/24 -all
        own.example TXT v=spf1 a mx -all
        own.example A 198.51.100.9
        own.example MX mail.own.example
        mail.own.example A 198.51.100.25
        hosts.example A 203.0.113.77
        over.example TXT v=spf1 include:plain.example include:soft.example ?all
        redirected.example TXT v=spf1 redirect=plain.example
        both.example TXT v=spf1 redirect=plain.example -all
        nowhere.example TXT v=spf1 include:none.example -all
        twice.example TXT v=spf1 -all
        twice.example TXT v=spf1 +all
        spelled.example TXT v=spf1 ipv4:192.0.2.1 -all
        other.example TXT google-site-verification=x
        other.example TXT V=SPF1 IP4:192.0.2.1 -ALL
        macro.example TXT v=spf1 exists:%{i}._spf.macro.example -all
        loop.example TXT v=spf1 include:pool.example -all
        pool.example TXT v=spf1 include:loop.example -all
        broken.example TXT v=spf1 include:fails.example -all
        fails.example FAIL x
        void.example TXT v=spf1 a:x1.example a:x2.example a:x3.example -all
        unknown.example TXT v=spf1 ra=postmaster rp=100 ip4:192.0.2.1 -all
        """;

    [Theory]
    [InlineData("plain.example", "192.0.2.15", nameof(SpfResult.Pass))]
    [InlineData("plain.example", "192.0.2.16", nameof(SpfResult.Fail))]
    [InlineData("plain.example", "2001:db8:1::1", nameof(SpfResult.Pass))]
    [InlineData("plain.example", "2001:db9::1", nameof(SpfResult.Fail))]
    [InlineData("soft.example", "192.0.2.1", nameof(SpfResult.SoftFail))]
    [InlineData("neutral.example", "192.0.2.1", nameof(SpfResult.Neutral))]
    [InlineData("a.example", "203.0.113.1", nameof(SpfResult.Pass))]
    [InlineData("a.example", "203.0.114.1", nameof(SpfResult.Fail))]
    [InlineData("own.example", "198.51.100.9", nameof(SpfResult.Pass))]
    [InlineData("own.example", "198.51.100.25", nameof(SpfResult.Pass))]
    [InlineData("own.example", "198.51.100.26", nameof(SpfResult.Fail))]
    [InlineData("over.example", "192.0.2.1", nameof(SpfResult.Pass))]
    [InlineData("over.example", "192.0.2.200", nameof(SpfResult.Neutral))]
    [InlineData("redirected.example", "192.0.2.1", nameof(SpfResult.Pass))]
    [InlineData("redirected.example", "192.0.2.99", nameof(SpfResult.Fail))]
    [InlineData("both.example", "192.0.2.1", nameof(SpfResult.Fail))]
    [InlineData("nowhere.example", "192.0.2.1", nameof(SpfResult.PermError))]
    [InlineData("none.example", "192.0.2.1", nameof(SpfResult.None))]
    [InlineData("twice.example", "192.0.2.1", nameof(SpfResult.PermError))]
    [InlineData("spelled.example", "192.0.2.1", nameof(SpfResult.PermError))]
    [InlineData("other.example", "192.0.2.1", nameof(SpfResult.Pass))]
    [InlineData("macro.example", "192.0.2.1", nameof(SpfResult.Undecided))]
    [InlineData("loop.example", "192.0.2.1", nameof(SpfResult.PermError))]
    [InlineData("broken.example", "192.0.2.1", nameof(SpfResult.TempError))]
    [InlineData("void.example", "192.0.2.1", nameof(SpfResult.PermError))]
    [InlineData("unknown.example", "192.0.2.1", nameof(SpfResult.Pass))]
    public async Task An_address_is_judged_as_a_receiver_judges_it(string domain, string address, string result)
    {
        var verdict = await new Spf(new Zone(Records)).Judge(domain, IPAddress.Parse(address), TestContext.Current.CancellationToken);
        Assert.Equal(result, verdict.Result.ToString());
        Assert.Equal(verdict.Result is SpfResult.None or SpfResult.PermError or SpfResult.TempError or SpfResult.Undecided, verdict.Why.Length > 0);
    }

    [Fact]
    public async Task Ten_lookups_are_allowed_and_not_eleven()
    {
        static Zone With(int count) => new($"""
            many.example TXT v=spf1 {string.Join(' ', Enumerable.Range(0, count).Select(number => $"a:host{number}.example"))} -all
            {string.Join('\n', Enumerable.Range(0, count).Select(number => $"host{number}.example A 203.0.113.{number + 1}"))}
            """);
        var ten = new Spf(With(10));
        Assert.Equal(SpfResult.Neutral, (await ten.Judge("many.example", null, TestContext.Current.CancellationToken)).Result);
        Assert.Equal(10, ten.Lookups);
        Assert.Equal(SpfResult.PermError, (await new Spf(With(11)).Judge("many.example", null, TestContext.Current.CancellationToken)).Result);
        Assert.Equal(SpfResult.Pass, (await new Spf(With(11)).Judge("many.example", IPAddress.Parse("203.0.113.10"), TestContext.Current.CancellationToken)).Result);
    }

    [Fact]
    public void No_text_makes_the_reader_fail() => Gen.OneOf(
            Gen.OneOf("a", "mx", "ip4:", "ip6:", "include:", "redirect=", "all", "-", "~", "?", "+", "/", "//", "24", "129", "192.0.2.1", "2001:db8::", "%{i}", "=", ":", " "), Gen.String[0, 3])
        .Array[0, 12]
        .SampleRepeatably(parts =>
        {
            var terms = SpfTerm.Read("v=spf1 " + string.Concat(parts), out var bad);
            Assert.True(bad is null || terms.Count == 0);
        });
}
