// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Encryption;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Smtp.Encryption;

/// <summary>MTA-STS as DNS server, web server and receiver see it.</summary>
public sealed class MtaStsTests
{
    private const string Zone = """
        news.example 300 MX 10 mx.example
        mx.example 300 A 127.0.0.1
        _mta-sts.news.example 300 TXT v=STSv1; id=one;
        mta-sts.news.example 300 A 127.0.0.1
        """;

    private const string TwoHosts = Zone + "\nnews.example 300 MX 20 other.example\nother.example 300 A 127.0.0.2";

    private static readonly TestCertificate _good = new("mx.example");

    [Fact]
    public async Task A_host_that_fits_the_policy_gets_the_mail_encrypted()
    {
        await using var outbound = await Enforced();
        var peer = outbound.Receive(1, _good, Outbound.Taken);

        Assert.Equal(Result.Accepted, (await outbound.Send()).Result);

        await peer.Played;
        Assert.Equal(["mx.example"], peer.NamesAskedFor);
        Assert.Equal([$"GET /.well-known/mta-sts.txt mta-sts.news.example"], outbound.Web.Requests);
        Assert.Equal(["Sts news.example mx.example successful"], outbound.Results());
    }

    [Theory]
    [InlineData("expired", "certificate-expired")]
    [InlineData("other name", "certificate-host-mismatch")]
    [InlineData("common name only", "certificate-host-mismatch")]
    [InlineData("unknown authority", "certificate-not-trusted")]
    public async Task A_certificate_that_is_not_valid_puts_mail_off_where_the_policy_is_enforced_and_never_sends_it_plain(string fault, string result)
    {
        await using var outbound = await Enforced();
        var peer = outbound.Receive(1, Faulty(fault), Outbound.Started, Outbound.Plain);

        var answer = await outbound.Send();

        Assert.Equal((Result.Deferred, Stage.Connecting), (answer.Result, answer.Stage));
        Assert.Contains("MTA-STS policy of news.example", answer.Text, StringComparison.Ordinal);
        Assert.Equal(1, peer.Connections);
        Assert.Equal([$"Sts news.example mx.example {result}"], outbound.Results());
    }

    [Theory]
    [InlineData("expired", "certificate-expired")]
    [InlineData("unknown authority", "certificate-not-trusted")]
    public async Task The_same_certificate_does_where_the_policy_is_tested_and_is_reported(string fault, string result)
    {
        await using var outbound = await With("testing", "mx: mx.example");
        outbound.Receive(1, Faulty(fault), Outbound.Taken);

        Assert.Equal(Result.Accepted, (await outbound.Send()).Result);

        Assert.Equal([$"Sts news.example mx.example {result}"], outbound.Results());
    }

    [Fact]
    public async Task An_expired_certificate_does_where_there_is_no_policy()
    {
        await using var outbound = await Outbound.With("news.example 300 MX 10 mx.example\nmx.example 300 A 127.0.0.1");
        outbound.Receive(1, Faulty("expired"), Outbound.Taken);

        Assert.Equal(Result.Accepted, (await outbound.Send()).Result);

        Assert.Empty(outbound.Web.Requests);
        Assert.Equal(["None   successful"], outbound.Results());
    }

    [Fact]
    public async Task The_policy_counts_for_nothing_where_MTA_STS_is_turned_off()
    {
        await using var outbound = await Outbound.With(Zone, settings => settings with { MtaSts = false });
        outbound.Web.Answer = Policy("enforce", "mx: other.example");
        outbound.Receive(1, Faulty("expired"), Outbound.Taken);

        Assert.Equal(Result.Accepted, (await outbound.Send()).Result);
        Assert.DoesNotContain("_mta-sts.news.example 16", outbound.Dns.Asked);
    }

    [Theory]
    [InlineData(Outbound.Plain)]
    [InlineData(Outbound.Offering + "C: STARTTLS\nS: 454 4.7.0 Not now")]
    [InlineData(Outbound.Offering + "C: STARTTLS\nS: 220 Go ahead\nX: badtls")]
    public async Task Where_encryption_does_not_come_about_an_enforced_policy_puts_mail_off(string script)
    {
        await using var outbound = await Enforced();
        var peer = outbound.Receive(1, _good, script, Outbound.Plain);

        var answer = await outbound.Send();

        Assert.Equal(Result.Deferred, answer.Result);
        Assert.Contains("MTA-STS", answer.Text, StringComparison.Ordinal);
        Assert.Equal(1, peer.Connections);
        Assert.Empty(peer.Messages);
        Assert.Contains(outbound.Results(), line => !line.EndsWith("successful", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_the_policy_does_not_name_is_passed_over_for_one_that_it_names()
    {
        await using var outbound = await With("enforce", "mx: other.example", TwoHosts);
        var first = outbound.Receive(1, _good, Outbound.Taken);
        var second = outbound.Receive(2, new TestCertificate("other.example"), Outbound.Taken);

        Assert.Equal(Result.Accepted, (await outbound.Send()).Result);

        Assert.Equal((0, 1), (first.Connections, second.Connections));
        Assert.Equal(["Sts news.example mx.example validation-failure", "Sts news.example other.example successful"], outbound.Results());
    }

    [Fact]
    public async Task A_policy_counts_after_a_restart_and_when_neither_record_nor_server_are_there_any_more()
    {
        await using var outbound = await Enforced();
        await outbound.Find();
        await outbound.Restart();
        outbound.Dns.Zone = "news.example 300 MX 10 mx.example\nmx.example 300 A 127.0.0.1";

        Assert.Equal(TlsLevel.Certified, (await outbound.Find()).Hosts[0].Tls.Level);

        outbound.Clock.Advance(TimeSpan.FromDays(6));
        outbound.Dns.Zone += "\n_mta-sts.news.example SERVFAIL";
        Assert.Equal(TlsLevel.Certified, (await outbound.Find()).Hosts[0].Tls.Level);

        outbound.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(TlsLevel.May, (await outbound.Find()).Hosts[0].Tls.Level);
    }

    [Fact]
    public async Task A_policy_is_fetched_when_its_id_changes_and_once_a_day()
    {
        await using var outbound = await Enforced();
        await outbound.Find();
        outbound.Clock.Advance(TimeSpan.FromMinutes(10));
        await outbound.Find();
        Assert.Single(outbound.Web.Requests);

        outbound.Dns.Zone = Zone.Replace("id=one", "id=two", StringComparison.Ordinal);
        outbound.Web.Answer = Policy("none", "");
        outbound.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(TlsLevel.May, (await outbound.Find()).Hosts[0].Tls.Level);
        Assert.Equal(2, outbound.Web.Requests.Count);

        outbound.Clock.Advance(TimeSpan.FromHours(25));
        await outbound.Find();
        Assert.Equal(3, outbound.Web.Requests.Count);
    }

    [Fact]
    public async Task A_fetch_that_failed_is_not_repeated_before_five_minutes_and_the_kept_policy_counts_on()
    {
        await using var outbound = await Enforced();
        await outbound.Find();
        outbound.Clock.Advance(TimeSpan.FromHours(25));
        outbound.Web.Answer = "HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n";

        Assert.Equal(TlsLevel.Certified, (await outbound.Find()).Hosts[0].Tls.Level);
        outbound.Clock.Advance(TimeSpan.FromMinutes(4));
        await outbound.Find();
        Assert.Equal(2, outbound.Web.Requests.Count);
        outbound.Clock.Advance(TimeSpan.FromMinutes(2));
        await outbound.Find();
        Assert.Equal(3, outbound.Web.Requests.Count);
        Assert.Equal(["Sts news.example  sts-policy-fetch-error", "Sts news.example  sts-policy-fetch-error"], outbound.Results());
    }

    [Theory]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: https://mta-sts.news.example/other\r\nContent-Length: 0\r\n\r\n", "sts-policy-fetch-error")]
    [InlineData("HTTP/1.1 404 Not here\r\nContent-Length: 0\r\n\r\n", "sts-policy-fetch-error")]
    [InlineData("nothing that a web server says", "sts-policy-fetch-error")]
    [InlineData("html", "sts-policy-invalid")]
    [InlineData("endless", "sts-policy-invalid")]
    [InlineData("no policy", "sts-policy-invalid")]
    public async Task What_is_not_served_as_it_has_to_be_is_no_policy(string said, string result)
    {
        await using var outbound = await Outbound.With(Zone);
        const string Sound = "version: STSv1\nmode: enforce\nmx: mx.example\nmax_age: 86400\n";
        outbound.Web.Answer = said switch
        {
            "html" => PolicyServer.Ok(Sound, "text/html"),
            "endless" => PolicyServer.Ok(Sound + new string('\n', 70_000)),
            "no policy" => PolicyServer.Ok("<html>"),
            _ => said,
        };

        Assert.Equal(TlsLevel.May, (await outbound.Find()).Hosts[0].Tls.Level);
        Assert.Single(outbound.Web.Requests);
        Assert.Equal([$"Sts news.example  {result}"], outbound.Results());
    }

    [Fact]
    public async Task A_policy_whose_server_has_no_valid_certificate_is_not_taken()
    {
        await using var outbound = await Outbound.With(Zone, web: Outbound.Authority.Issue(new TestCertificate("www.news.example")));
        outbound.Web.Answer = Policy("enforce", "mx: mx.example");

        Assert.Equal(TlsLevel.May, (await outbound.Find()).Hosts[0].Tls.Level);
        Assert.Empty(outbound.Web.Requests);
        Assert.Equal(["Sts news.example  sts-webpki-invalid"], outbound.Results());
    }

    [Fact]
    public async Task A_server_of_policies_that_is_silent_is_given_up_after_a_minute()
    {
        await using var outbound = await Outbound.With(Zone);
        outbound.Web.Answer = null;

        var finding = outbound.Find();
        while (!finding.IsCompleted)
        {
            outbound.Clock.Advance(TimeSpan.FromSeconds(outbound.Web.Requests.Count > 0 ? 61 : 0));
            await Task.WhenAny(finding, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken));
        }

        Assert.Equal(TlsLevel.May, (await finding).Hosts[0].Tls.Level);
        Assert.Equal(["Sts news.example  sts-policy-fetch-error"], outbound.Results());
    }

    [Theory]
    [InlineData("mx.example", Outbound.Started + "C: EHLO dst.example\nS: 250 mx.example", true)]
    [InlineData("other.example", Outbound.Started + "C: EHLO dst.example\nS: 250 mx.example", false)]
    [InlineData("mx.example", Outbound.Offering + "C: STARTTLS\nS: 454 Not now", false)]
    public async Task Mail_under_a_policy_goes_over_a_connection_of_another_domain_only_if_that_meets_the_policy(string name, string script, bool allowed)
    {
        await using var outbound = await With("enforce", "mx: mx.example", Zone + "\nopen.example 300 MX 10 mx.example");
        outbound.Receive(1, new TestCertificate(name), script + "\nX: hang");

        var (connection, _) = await outbound.Dial("open.example");

        Assert.Equal(allowed, (await outbound.Find("news.example")).Allows(connection!));
        Assert.True((await outbound.Find("open.example")).Allows(connection!));
        await connection!.DisposeAsync();
    }

    [Fact]
    public async Task A_policy_is_fetched_again_after_a_day_though_nobody_writes_to_the_domain()
    {
        await using var outbound = await Enforced();
        await outbound.Find();
        await outbound.Worker.StartAsync(TestContext.Current.CancellationToken);

        for (var minutes = 25 * 60; outbound.Web.Requests.Count < 2; minutes = 1)
        {
            outbound.Clock.Advance(TimeSpan.FromMinutes(minutes));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await outbound.Worker.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Sessions_are_written_down_every_minute_and_at_the_end()
    {
        await using var outbound = await Outbound.With("");
        await outbound.Worker.StartAsync(TestContext.Current.CancellationToken);
        outbound.Ledger.Count(TlsDemand.None, "", null);
        while (await outbound.Written() == 0)
        {
            outbound.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        outbound.Ledger.Count(TlsDemand.None, "", null);
        await outbound.Worker.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, await outbound.Written());
    }

    private static Task<Outbound> Enforced() => With("enforce", "mx: mx.example");

    private static async Task<Outbound> With(string mode, string hosts, string zone = Zone)
    {
        var outbound = await Outbound.With(zone);
        outbound.Web.Answer = Policy(mode, hosts);
        return outbound;
    }

    private static string Policy(string mode, string hosts) => PolicyServer.Ok($"version: STSv1\nmode: {mode}\n{hosts}\nmax_age: 604800\n");

    private static IssuedCertificate Faulty(string fault) => fault switch
    {
        "expired" => Outbound.Authority.Issue(_good with { From = TestCertificate.Usual.AddDays(-20), Until = TestCertificate.Usual.AddDays(-2) }),
        "other name" => Outbound.Authority.Issue(new TestCertificate("mx.other.example")),
        "common name only" => Outbound.Authority.Issue(_good with { HasAlternativeNames = false }),
        _ => new TestAuthority("Somebody").Issue(_good),
    };
}
