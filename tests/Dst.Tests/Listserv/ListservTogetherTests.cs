// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Tutti.Contracts.Dst.V1;
using Tutti.Contracts.Links.V1;
using Tutti.Dst.Deliveries;
using Tutti.Dst.Journal;
using Tutti.Dst.Listserv;
using Tutti.Dst.Returns;
using Tutti.Dst.Smtp.Destinations;

namespace Tutti.Dst.Tests.Listserv;

/// <summary>One message for all that leaves through LISTSERV: many recipients in a job, and a fate of its own for each of them.</summary>
public sealed class ListservTogetherTests : IAsyncLifetime
{
    private const string Listserv = "LISTSERV@lists.example.com";

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
    private readonly Store _store = Store.OnSqlite();
    private readonly Receiver _host = new();

    private IReadOnlyList<string> Jobs => [.. _host.Taken[Listserv]];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_job_names_all_its_recipients_and_carries_the_message_once()
    {
        await using var distributor = await Start();
        await Open(distributor);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 20));
        Assert.Equal(new Progress { Accepted = 20 }, await distributor.Finish(7));
        var job = Assert.Single(Jobs);
        var named = string.Concat(Enumerable.Range(1, 20).Select(id => $"user{id}@rcpt.example BSMTP\r\n"));
        Assert.Contains(
            "\r\n\r\n//T7 JOB ECHO=NO\r\n// DISTRIBUTE MAIL ACK=NONE ,\r\n// FROM=news@sender.example ,\r\n// PW=SECRET\r\n//TO DD *\r\n" + named +
            "/*\r\n//DATA DD *,EOF\r\nFrom: News <news@sender.example>\r\nTo: undisclosed-recipients:;\r\nMessage-ID: <",
            job,
            StringComparison.Ordinal);
        Assert.DoesNotContain("List-Unsubscribe", job, StringComparison.Ordinal);
        Assert.Contains("\r\nList-Id: <news.sender.example>\r\n", job, StringComparison.Ordinal);
        var events = await distributor.Events();
        Assert.Equal(Enumerable.Range(1, 20).Select(id => ((ulong)id, Fate.Accepted)), events.Select(one => (one.RecipientId, one.Fate)).Order());
    }

    [Fact]
    public async Task Many_recipients_make_a_few_jobs_and_each_is_named_once()
    {
        await using var distributor = await Start();
        await Open(distributor);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 1600));
        Assert.Equal(new Progress { Accepted = 1600 }, await distributor.Finish(7));
        Assert.InRange(Jobs.Count, 4, 8);
        Assert.Equal(Enumerable.Range(1, 1600).Select(id => $"user{id}@rcpt.example").Order(StringComparer.Ordinal), Jobs.SelectMany(NamedIn).Order(StringComparer.Ordinal));

        // A host that drops a Message-ID that it knows drops none of them.
        Assert.Equal(Jobs.Count, Jobs.Select(job => job.Split("\r\n").First(line => line.StartsWith("Message-ID: ", StringComparison.Ordinal))).Distinct().Count());
        Assert.Single(Jobs.Select(job => job.Split("\r\n").Last(line => line.StartsWith("Message-ID: ", StringComparison.Ordinal))).Distinct());
    }

    [Fact]
    public async Task When_the_connection_drops_after_the_terminator_all_of_the_job_are_in_doubt_and_it_is_not_sent_again()
    {
        _host.Keep = _ => Task.FromResult<string?>(null);
        await using (var distributor = await Start())
        {
            await Open(distributor);
            await distributor.Submit(Make.WireBatch(7, 1, 1, 30));
            Assert.Equal(new Progress { InDoubt = 30 }, await distributor.Finish(7));
        }

        _host.Keep = _ => Task.FromResult<string?>("250 Ok");
        await using var again = await Start();
        await again.Submit(Make.WireBatch(7, 2, 31, 2));
        Assert.Equal(new Progress { InDoubt = 30, Accepted = 2 }, await again.Finish(7));
        Assert.Equal([2, 30], Jobs.Select(job => NamedIn(job).Count).Order());
    }

    [Fact]
    public async Task A_distributor_that_is_cut_off_while_it_waits_for_the_answer_has_all_of_the_job_in_doubt()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Keep = async _ =>
        {
            reached.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
            return null;
        };
        await using (var distributor = await Start())
        {
            await Open(distributor);
            await distributor.Submit(Make.WireBatch(7, 1, 1, 12));
            await reached.Task;
            Assert.Equal(12ul, (await distributor.Progress(7)).OnTheWire);
            await distributor.Stop(new CancellationToken(canceled: true));
        }

        _host.Keep = _ => Task.FromResult<string?>("250 Ok");
        await using var again = await Start();
        await again.Submit(Make.WireBatch(7, 2, 13, 1));
        Assert.Equal(new Progress { InDoubt = 12, Accepted = 1 }, await again.Finish(7));
        Assert.Equal(["user13@rcpt.example"], NamedIn(Assert.Single(Jobs)));
    }

    [Fact]
    public async Task Who_is_put_off_together_comes_back_together()
    {
        _host.Keep = _ => Task.FromResult<string?>("451 4.3.2 Later");
        await using var distributor = await Start();
        await Open(distributor);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 40));
        Assert.Equal(40ul, (await distributor.Until(7, now => now.Deferred == 40)).Deferred);
        _host.Keep = _ => Task.FromResult<string?>("250 Ok");
        Assert.Equal(new Progress { Accepted = 40 }, await distributor.Finish(7, () => _clock.Advance(TimeSpan.FromMinutes(1))));
        Assert.Equal(40, NamedIn(Assert.Single(Jobs)).Count);
        Assert.All(await distributor.Events(), one => Assert.Equal(2u, one.Attempts));
    }

    [Fact]
    public async Task A_refusal_is_that_of_everybody_in_the_job()
    {
        _host.Keep = _ => Task.FromResult<string?>("550 5.7.1 Not from you");
        await using var distributor = await Start();
        await Open(distributor);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 5));
        Assert.Equal(new Progress { Refused = 5 }, await distributor.Finish(7));
        Assert.All(await distributor.Events(), one => Assert.Equal("550 5.7.1 Not from you", one.Reply));
    }

    [Fact]
    public async Task Who_must_not_get_it_stands_in_no_job_and_a_list_gets_a_post()
    {
        await using var distributor = await Start();
        await distributor.Suppress(new SuppressionChange { Number = 1, Address = "user2@rcpt.example", Suppressed = true, Reason = "hard-bounce" });
        await Open(distributor);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 6, id => id switch
        {
            3 => "*star@rcpt.example",
            4 => "news-l@lists.example.com",
            _ => $"user{id}@rcpt.example",
        }));
        Assert.Equal(new Progress { Accepted = 4, Refused = 1, Suppressed = 1 }, await distributor.Finish(7));
        Assert.Equal(["user1@rcpt.example", "user5@rcpt.example", "user6@rcpt.example"], NamedIn(Assert.Single(Jobs)));
        Assert.Contains("\r\nTo: ", Assert.Single(_host.Taken["news-l@lists.example.com"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_whose_delivery_is_ended_after_its_host_was_called_is_not_finished()
    {
        await using var distributor = await Start();
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var withdrawn = new ManualResetEventSlim();
        _host.AnswerTo = (_, _) =>
        {
            called.TrySetResult();
            withdrawn.Wait();
            return "250 Ok";
        };
        await Open(distributor);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 30));
        await called.Task;
        await distributor.Direct(7, 1, Course.Withdraw);
        Assert.Equal(new Progress { Withdrawn = 30 }, await distributor.Finish(7, () => _clock.Advance(TimeSpan.FromSeconds(1))));
        withdrawn.Set();

        // The next delivery shows that the host is free again, and that nothing of the first came after all.
        _host.AnswerTo = (_, _) => "250 Ok";
        var next = Delivery();
        next.JobId = 8;
        await distributor.Get<DeliveriesService>().Open(next, new TestCall());
        await distributor.Submit(Make.WireBatch(8, 1, 101, 2));
        Assert.Equal(new Progress { Accepted = 2 }, await distributor.Finish(8, () => _clock.Advance(TimeSpan.FromSeconds(1))));
        Assert.Equal(["user101@rcpt.example", "user102@rcpt.example"], NamedIn(Assert.Single(Jobs)));
        Assert.Equal(30, (await distributor.Events()).Count(one => one.Fate == Fate.Withdrawn));
    }

    [Fact]
    public async Task Who_gets_a_fate_while_the_job_is_written_stands_in_none_and_the_others_go_with_the_next()
    {
        await using var distributor = await Start();
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var settled = new ManualResetEventSlim();
        _host.AnswerTo = (_, trial) =>
        {
            if (trial == 1)
            {
                called.TrySetResult();
                settled.Wait();
            }

            return "250 Ok";
        };
        await Open(distributor);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 30));
        await called.Task;

        // As a sweep does that comes to the first and to a later one of them.
        foreach (var id in (long[])[1, 13])
        {
            await distributor.Journal.Write(session =>
            {
                Moves.Settle(session, new Place(7, id, "LISTSERV lists.example.com", Standing.Waiting, 0, 0), Standing.Withdrawn, 0, "Ended.", "", _clock.GetUtcNow().ToUnixTimeMilliseconds());
                return true;
            });
        }

        settled.Set();
        Assert.Equal(28ul, (await distributor.Until(7, now => now.Accepted == 28)).Accepted);
        Assert.Equal(
            Enumerable.Range(1, 30).Except([1, 13]).Select(id => $"user{id}@rcpt.example").Order(StringComparer.Ordinal), NamedIn(Assert.Single(Jobs)).Order(StringComparer.Ordinal));
        Assert.Equal([1ul, 13ul], (await distributor.Events()).Where(one => one.Fate == Fate.Withdrawn).Select(one => one.RecipientId).Order());
        Assert.All((await distributor.Events()).Where(one => one.Fate == Fate.Accepted), one => Assert.Equal(1u, one.Attempts));
    }

    [Fact]
    public async Task Bounces_of_a_shared_message_come_to_an_address_that_is_shared_too()
    {
        await using var distributor = await Start(Settings() with { ListservBounceList = "TUTTI-B" }, new ReturnSettings { ReturnDomain = "bounces.sender.example" });
        await Open(distributor);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 2));
        await distributor.Finish(7);
        Assert.Contains("\r\n// FROM=owner-TUTTI-B@lists.example.com ,\r\n", Assert.Single(Jobs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_not_the_same_for_all_is_not_taken()
    {
        await using var distributor = await Start();
        await Complains(distributor, "different for each", delivery => delivery.Content.Pieces.Add(new Piece { Slot = new Slot { Kind = SlotKind.Value, Encoding = SlotEncoding.QuotedPrintable } }));
        await Complains(distributor, "different for each", delivery => delivery.Content.Pieces.Add(new Piece { Slot = new Slot { Kind = SlotKind.Unsubscribe, Encoding = SlotEncoding.QuotedPrintable } }));
        await Complains(distributor, "personal tracking", delivery => delivery.TrackingType = TrackingType.Personal);
    }

    private async Task Complains(TestDistributor distributor, string words, Action<Delivery> change)
    {
        var delivery = Delivery();
        change(delivery);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => distributor.Get<DeliveriesService>().Open(delivery, new TestCall()));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Contains(words, refusal.Status.Detail, StringComparison.Ordinal);
    }

    /// <summary>The recipients that a job names: what stands between its TO card and the end of that data set.</summary>
    private static List<string> NamedIn(string job) =>
        [.. job.Split("//TO DD *\r\n")[1].Split("/*\r\n")[0].Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(" BSMTP")[0])];

    private ListservSettings Settings() => TcpguiClientTests.Settings(1) with { ListservMailHost = $"127.0.0.1:{_host.Port}" };

    /// <summary>Makes a delivery one that leaves through LISTSERV with one message for all.</summary>
    internal static void MakeShared(Delivery delivery)
    {
        (delivery.Way, delivery.TrackingType) = (Way.ListservTogether, TrackingType.Blind);
        delivery.Content = new Content
        {
            Pieces =
            {
                Fixed("From: News <news@sender.example>\r\nTo: "), Slot(SlotKind.To), Fixed("\r\nMessage-ID: "), Slot(SlotKind.MessageId), Fixed("\r\nDate: "), Slot(SlotKind.Date),
                Fixed("\r\nList-Id: <news.sender.example>\r\nList-Unsubscribe: <"), Slot(SlotKind.Unsubscribe),
                Fixed(">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nSubject: Hello\r\nMIME-Version: 1.0\r\n\r\nThe same for all\r\n"),
            },
        };

        static Piece Fixed(string text) => new() { Fixed = ByteString.CopyFromUtf8(text) };

        static Piece Slot(SlotKind kind) => new() { Slot = new Slot { Kind = kind, Encoding = SlotEncoding.Raw } };
    }

    private Delivery Delivery()
    {
        var delivery = Make.WireDelivery(7, _clock.GetUtcNow());
        MakeShared(delivery);
        return delivery;
    }

    private Task<OpenReply> Open(TestDistributor distributor) => distributor.Get<DeliveriesService>().Open(Delivery(), new TestCall());

    private Task<TestDistributor> Start(ListservSettings? listserv = null, ReturnSettings? returns = null) => TestDistributor.Start(
        _store.Database, _clock, _host.Port, listserv: listserv ?? Settings(), returns: returns,
        routes: new RouteSettings { Mode = DeliveryMode.Smarthost, Smarthost = $"127.0.0.1:{_host.Port}" });
}
