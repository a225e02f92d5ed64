// SPDX-License-Identifier: Apache-2.0
using System.Net;
using DnsClient;
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;

namespace Tutti.Dst.Tests.Smtp.Destinations;

public sealed class MailExchangersTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Hosts_come_by_preference_with_their_addresses()
    {
        await using var dns = ScriptedDns.With("""
            news.example 300 MX 20 b.example
            news.example 300 MX 10 a.example
            a.example 300 A 192.0.2.1
            a.example 300 A 192.0.2.2
            a.example 300 AAAA 2001:db8::1
            b.example 300 A 192.0.2.3
            """);

        var route = await Find(dns, "news.example");

        Assert.Equal(["a.example", "b.example"], route.Hosts.Select(host => host.Name));
        Assert.Equal(["2001:db8::1", "192.0.2.1", "192.0.2.2"], route.Hosts[0].Addresses.Select(address => address.ToString()));
        Assert.Equal(2525, route.Hosts[0].Port);
    }

    [Fact]
    public async Task Equal_preference_is_shuffled_each_time()
    {
        await using var dns = ScriptedDns.With("""
            news.example 300 MX 10 a.example
            news.example 300 MX 10 b.example
            news.example 300 MX 20 c.example
            a.example 300 A 192.0.2.1
            b.example 300 A 192.0.2.2
            c.example 300 A 192.0.2.3
            """);
        var exchangers = Exchangers(dns);
        var first = new HashSet<string>();

        for (var time = 0; time < 64; time++)
        {
            var route = await exchangers.Find("news.example", TestContext.Current.CancellationToken);
            first.Add(route.Hosts[0].Name);
            Assert.Equal("c.example", route.Hosts[2].Name);
        }

        Assert.Equal(["a.example", "b.example"], first.Order());
    }

    [Fact]
    public async Task A_domain_without_MX_takes_mail_at_its_own_address()
    {
        await using var dns = ScriptedDns.With("news.example 300 A 192.0.2.7");

        var route = await Find(dns, "news.example");

        Assert.Equal(("news.example", "192.0.2.7"), (route.Hosts.Single().Name, route.Hosts.Single().Addresses.Single().ToString()));
    }

    [Theory]
    [InlineData("news.example 300 MX 0 .", "5.1.10")]
    [InlineData("other.example 300 A 192.0.2.1", "5.1.2")]
    [InlineData("news.example EMPTY", "5.1.2")]
    [InlineData("news.example 300 MX 10 gone.example", "5.4.4")]
    public async Task A_domain_that_takes_no_mail_is_refused(string zone, string code)
    {
        await using var dns = ScriptedDns.With(zone);

        var route = await Find(dns, "news.example");

        Assert.Empty(route.Hosts);
        Assert.Equal((Result.Refused, Stage.Routing, code), (route.Failure!.Result, route.Failure.Stage, route.Failure.EnhancedCode));
        Assert.Contains("news.example", route.Failure.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("news.example SERVFAIL")]
    [InlineData("news.example 300 MX 10 a.example\na.example SERVFAIL")]
    public async Task What_cannot_be_found_out_now_is_deferred(string zone)
    {
        await using var dns = ScriptedDns.With(zone);

        Assert.Equal(Result.Deferred, (await Find(dns, "news.example")).Failure!.Result);
    }

    [Fact]
    public async Task A_DNS_server_that_is_silent_defers()
    {
        await using var dns = ScriptedDns.With("news.example SILENT");
        var settings = new RouteSettings { Resolver = dns.Address };
        var client = new LookupClient(new LookupClientOptions(IPEndPoint.Parse(dns.Address)) { Timeout = TimeSpan.FromMilliseconds(50), Retries = 0, UseCache = false });

        var route = await new MailExchangers(settings, client, _clock).Find("news.example", TestContext.Current.CancellationToken);

        Assert.Equal(Result.Deferred, route.Failure!.Result);
    }

    [Fact]
    public async Task Answers_are_remembered_for_their_time_to_live()
    {
        await using var dns = ScriptedDns.With("news.example 300 MX 10 a.example\na.example 60 A 192.0.2.1");
        var exchangers = Exchangers(dns);

        await exchangers.Find("news.example", TestContext.Current.CancellationToken);
        var asked = dns.Questions;
        dns.Zone = "news.example 300 MX 10 a.example\na.example 60 A 192.0.2.2";
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("192.0.2.1", (await exchangers.Find("news.example", TestContext.Current.CancellationToken)).Hosts[0].Addresses[0].ToString());
        Assert.Equal(asked, dns.Questions);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("192.0.2.2", (await exchangers.Find("news.example", TestContext.Current.CancellationToken)).Hosts[0].Addresses[0].ToString());
    }

    [Theory]
    [InlineData("CNAME")]
    [InlineData("LINK")]
    public async Task A_domain_that_is_an_alias_takes_mail_where_the_other_one_does(string alias)
    {
        await using var dns = ScriptedDns.With($"""
            news.example 300 {alias} www.example
            www.example 300 {alias} real.example
            real.example 300 MX 10 mx.example
            mx.example 300 {alias} host.example
            host.example 300 A 192.0.2.1
            """);

        var host = (await Find(dns, "news.example")).Hosts.Single();

        Assert.Equal(("mx.example", "192.0.2.1"), (host.Name, host.Addresses.Single().ToString()));
    }

    [Theory]
    [InlineData("news.example 300 CNAME a.example\na.example 300 CNAME news.example")]
    [InlineData("news.example 300 LINK a.example\na.example 300 LINK news.example")]
    [InlineData("news.example 300 CNAME news.example")]
    [InlineData("news.example 300 MX 10 mx.example\nmx.example 300 CNAME a.example\na.example 300 CNAME mx.example")]
    public async Task Aliases_that_lead_in_a_circle_are_deferred_and_not_followed_for_ever(string zone)
    {
        await using var dns = ScriptedDns.With(zone);

        var route = await Find(dns, "news.example");

        Assert.Equal(Result.Deferred, route.Failure!.Result);
        Assert.Contains("circle", route.Failure.Text, StringComparison.Ordinal);
        Assert.InRange(dns.Questions, 1, 6);
    }

    [Fact]
    public async Task A_chain_of_aliases_without_end_is_given_up()
    {
        await using var dns = ScriptedDns.With(string.Join('\n', Enumerable.Range(0, 20).Select(link => $"a{link}.example 300 LINK a{link + 1}.example")));

        Assert.Equal(Result.Deferred, (await Find(dns, "a0.example")).Failure!.Result);
    }

    [Fact]
    public async Task An_alias_of_nothing_is_refused()
    {
        await using var dns = ScriptedDns.With("news.example 300 CNAME gone.example");

        Assert.Equal((Result.Refused, "5.1.2"), ((await Find(dns, "news.example")).Failure!.Result, (await Find(dns, "news.example")).Failure!.EnhancedCode));
    }

    [Fact]
    public async Task An_answer_that_does_not_fit_is_asked_for_again_over_TCP()
    {
        await using var dns = ScriptedDns.With("news.example LONG\nnews.example 300 MX 10 a.example\na.example 300 A 192.0.2.1");

        Assert.Equal("a.example", (await Find(dns, "news.example")).Hosts.Single().Name);
        Assert.Equal(2, dns.Asked.Count(question => question == "news.example 15"));
    }

    [Fact]
    public async Task Kinds_of_addresses_come_by_turns_and_IPv6_can_be_left_out()
    {
        const string Zone = "news.example 300 A 192.0.2.1\nnews.example 300 A 192.0.2.2\nnews.example 300 AAAA 2001:db8::1\nnews.example 300 AAAA 2001:db8::2";
        await using var dns = ScriptedDns.With(Zone);
        var settings = new RouteSettings { Resolver = dns.Address, UseIpv6 = false };

        var both = (await Find(dns, "news.example")).Hosts.Single().Addresses;
        var four = (await new MailExchangers(settings, MailExchangers.ClientFor(settings), _clock).Find("news.example", TestContext.Current.CancellationToken)).Hosts.Single().Addresses;

        Assert.Equal(["2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2"], both.Select(address => address.ToString()));
        Assert.Equal(["192.0.2.1", "192.0.2.2"], four.Select(address => address.ToString()));
    }

    [Theory]
    [InlineData("[192.0.2.1]", "192.0.2.1")]
    [InlineData("[IPv6:2001:db8::1]", "2001:db8::1")]
    public async Task An_address_literal_needs_no_DNS(string domain, string address)
    {
        await using var dns = ScriptedDns.With("");

        Assert.Equal(address, (await Find(dns, domain)).Hosts.Single().Addresses.Single().ToString());
        Assert.Equal(0, dns.Questions);
    }

    private MailExchangers Exchangers(ScriptedDns dns)
    {
        var settings = new RouteSettings { Resolver = dns.Address, RemotePort = 2525 };
        return new MailExchangers(settings, MailExchangers.ClientFor(settings), _clock);
    }

    private async Task<Route> Find(ScriptedDns dns, string domain) => await Exchangers(dns).Find(domain, TestContext.Current.CancellationToken);
}
