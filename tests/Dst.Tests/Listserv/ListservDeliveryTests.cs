// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Deliveries;
using Tutti.Dst.Listserv;
using Tutti.Dst.Returns;
using Tutti.Dst.Smtp.Destinations;

namespace Tutti.Dst.Tests.Listserv;

/// <summary>Mail that leaves through LISTSERV: what its mail host sees, and what becomes of the recipients here.</summary>
public sealed class ListservDeliveryTests : IAsyncLifetime
{
    private const string Listserv = "LISTSERV@lists.example.com";

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
    private readonly Store _store = Store.OnSqlite();
    private readonly Receiver _host = new();
    private readonly Receiver _others = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _others.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Each_message_goes_to_LISTSERV_in_a_job_for_its_recipient()
    {
        await using var distributor = await Start();
        await Open(distributor);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 20));
        Assert.Equal(new Progress { Accepted = 20 }, await distributor.Finish(7));
        Assert.Equal(0, _others.Count);
        var jobs = _host.Taken[Listserv];
        Assert.Equal(20, jobs.Count);
        var job = Assert.Single(jobs, text => text.Contains("value 13\r\n", StringComparison.Ordinal));
        Assert.StartsWith("From: <tutti@example.com>\r\nTo: <LISTSERV@lists.example.com>\r\nSubject: T7\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <7.13.job@example.com>\r\n", job, StringComparison.Ordinal);
        Assert.Contains(
            "\r\n\r\n//T7 JOB ECHO=NO\r\n// DISTRIBUTE MAIL ACK=NONE ,\r\n// FROM=news@sender.example ,\r\n// PW=SECRET\r\n//TO DD *\r\nuser13@rcpt.example BSMTP\r\n/*\r\n//DATA DD *,EOF\r\nFrom: News <news@sender.example>\r\n",
            job,
            StringComparison.Ordinal);
        Assert.All(await distributor.Events(), one => Assert.Equal((Fate.Accepted, "127.0.0.1"), (one.Fate, one.Host.Split(' ')[0])));
    }

    [Fact]
    public async Task Mail_of_other_jobs_goes_its_usual_way()
    {
        await using var distributor = await Start();
        await Open(distributor);
        await distributor.Open(8);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 5));
        await distributor.Submit(Make.WireBatch(8, 1, 1, 6));
        await distributor.Finish(7);
        await distributor.Finish(8);
        Assert.Equal((5, 6), (_host.Count, _others.Count));
    }

    [Fact]
    public async Task A_lost_answer_is_in_doubt_and_a_refusal_is_one()
    {
        _host.Keep = _ => Task.FromResult<string?>(null);
        await using var distributor = await Start();
        await Open(distributor);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 1));
        Assert.Equal(new Progress { InDoubt = 1 }, await distributor.Finish(7));
        _host.Keep = _ => Task.FromResult<string?>("550 5.7.1 Not from you");
        await distributor.Submit(Make.WireBatch(7, 2, 2, 1));
        Assert.Equal(new Progress { InDoubt = 1, Refused = 1 }, await distributor.Finish(7));
        Assert.Single(_host.Taken[Listserv]);
    }

    [Fact]
    public async Task An_address_that_no_job_can_carry_is_refused_here()
    {
        await using var distributor = await Start();
        await Open(distributor);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 2, id => id == 1 ? "*star@rcpt.example" : "user2@rcpt.example"));
        Assert.Equal(new Progress { Accepted = 1, Refused = 1 }, await distributor.Finish(7));
        var refused = Assert.Single(await distributor.Events(), one => one.Fate == Fate.Refused);
        Assert.Contains("asterisk", refused.Reply, StringComparison.Ordinal);
        Assert.Empty(refused.Host);
    }

    [Fact]
    public async Task A_list_gets_the_message_as_a_post_that_says_nothing_of_one_subscriber()
    {
        await using var distributor = await Start();
        var delivery = Delivery();
        delivery.Content.Pieces.Insert(0, new Piece { Fixed = Google.Protobuf.ByteString.CopyFromUtf8("List-Unsubscribe: <https://click.sender.example/u/1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n") });
        await distributor.Get<DeliveriesService>().Open(delivery, new TestCall());
        await distributor.Submit(Make.WireBatch(7, 1, 1, 2, id => id == 1 ? "news-l@lists.example.com" : "user2@rcpt.example"));
        Assert.Equal(new Progress { Accepted = 2 }, await distributor.Finish(7));
        var post = Assert.Single(_host.Taken["news-l@lists.example.com"]);
        var job = Assert.Single(_host.Taken[Listserv]);
        Assert.DoesNotContain("DISTRIBUTE", post, StringComparison.Ordinal);
        Assert.DoesNotContain("List-Unsubscribe", post, StringComparison.Ordinal);
        Assert.Contains("List-Unsubscribe", job, StringComparison.Ordinal);

        // Without a recipient in it a link is shorter.
        Assert.True(LinkIn(post).Length < LinkIn(job).Length, $"{LinkIn(post)} {LinkIn(job)}");
    }

    [Theory]
    [InlineData("bounces.sender.example", "TUTTI-B", "r-", "@bounces.sender.example")]
    [InlineData("", "TUTTI-B", "owner-TUTTI-B@", "lists.example.com")]
    [InlineData("", "", "news@", "sender.example")]
    public async Task Bounces_go_where_they_are_looked_for(string returnDomain, string bounceList, string begins, string ends)
    {
        await using var distributor = await Start(Settings() with { ListservBounceList = bounceList, ListservDkim = true }, new ReturnSettings { ReturnDomain = returnDomain });
        await Open(distributor);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 1));
        await distributor.Finish(7);
        var lines = Assert.Single(_host.Taken[Listserv]).Split("\r\n");
        var from = Assert.Single(lines, line => line.StartsWith("// FROM=", StringComparison.Ordinal))[8..].TrimEnd(' ', ',');
        Assert.StartsWith(begins, from, StringComparison.Ordinal);
        Assert.EndsWith(ends, from, StringComparison.Ordinal);
        Assert.Contains("// DISTRIBUTE MAIL ACK=NONE DKIM=YES ,", lines);
    }

    [Fact]
    public async Task Without_a_LISTSERV_the_delivery_is_not_taken()
    {
        await using var distributor = await Start(new ListservSettings());
        var refusal = await Assert.ThrowsAsync<RpcException>(() => Open(distributor));
        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Contains("dst/distributor.ini", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_when_LISTSERV_is_taken_away_goes_on_waiting_until_it_is_back()
    {
        _host.AnswerTo = (_, _) => "451 Not now";
        await using (var distributor = await Start())
        {
            await Open(distributor);
            await distributor.Submit(Make.WireBatch(7, 1, 1, 3));
            var progress = await distributor.Until(7, now => now.Deferred == 3);
            Assert.Equal("LISTSERV lists.example.com", Assert.Single(progress.DeferredLanes).Destination);
        }

        _host.AnswerTo = (_, _) => "250 Ok";
        await using (var distributor = await Start(new ListservSettings()))
        {
            _clock.Advance(TimeSpan.FromHours(1));
            var progress = await distributor.Until(7, now => now.DeferredLanes.Any(lane => lane.Reply.Contains("dst/distributor.ini", StringComparison.Ordinal)), () => _clock.Advance(TimeSpan.FromSeconds(1)));
            Assert.Equal(3ul, progress.Deferred);
        }

        await using (var distributor = await Start())
        {
            Assert.Equal(new Progress { Accepted = 3 }, await distributor.Finish(7, () => _clock.Advance(TimeSpan.FromMinutes(1))));
        }

        Assert.Equal(0, _others.Count);
    }

    private static string LinkIn(string text) => text.Split("\r\n").Single(line => line.StartsWith("Link: ", StringComparison.Ordinal));

    private ListservSettings Settings() => TcpguiClientTests.Settings(1) with { ListservMailHost = $"127.0.0.1:{_host.Port}" };

    private Delivery Delivery()
    {
        var delivery = Make.WireDelivery(7, _clock.GetUtcNow());
        delivery.Way = Way.Listserv;
        return delivery;
    }

    private Task<OpenReply> Open(TestDistributor distributor) => distributor.Get<DeliveriesService>().Open(Delivery(), new TestCall());

    private Task<TestDistributor> Start(ListservSettings? listserv = null, ReturnSettings? returns = null) => TestDistributor.Start(
        _store.Database, _clock, _others.Port, listserv: listserv ?? Settings(), returns: returns,
        routes: new RouteSettings { Mode = DeliveryMode.Smarthost, Smarthost = $"127.0.0.1:{_others.Port}" });
}
