// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Time.Testing;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Deliveries;
using Tutti.Dst.Lanes;
using Tutti.Dst.Queue;
using Tutti.Dst.Returns;
using Tutti.Dst.Tests.Returns;
using Tutti.Dst.Tests.Smtp;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Lanes;

public sealed class SendingTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
    private readonly Store _store = Store.OnSqlite();
    private readonly Receiver _receiver = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Everybody_gets_one_message_and_one_event()
    {
        await using var distributor = await Start();
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 1000));
        var progress = await distributor.Finish(7);
        Assert.Equal(new Progress { Accepted = 1000 }, progress);
        Assert.Equal((1000, 1000), (_receiver.Taken.Count, _receiver.Count));
        var events = await distributor.Events();
        Assert.Equal(Enumerable.Range(1, 1000).Select(number => (ulong)number), events.Select(happened => happened.Number));
        Assert.Equal(1000, events.Select(happened => happened.RecipientId).Distinct().Count());
        Assert.All(events, happened => Assert.Equal((Fate.Accepted, 1u, "250 2.0.0 Taken", 7ul), (happened.Fate, happened.Attempts, happened.Reply, happened.JobId)));
    }

    [Fact]
    public async Task A_message_carries_what_belongs_to_its_recipient()
    {
        await using var distributor = await Start();
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 5, 1));
        await distributor.Finish(7);
        var message = Assert.Single(_receiver.Taken["user5@rcpt.example"]);
        Assert.Contains("To: User 5 <user5@rcpt.example>\r\n", message, StringComparison.Ordinal);
        Assert.Contains("Date: Tue, 24 Nov 2026 10:00:00 +0000\r\n", message, StringComparison.Ordinal);
        Assert.Contains("Content: value 5\r\n", message, StringComparison.Ordinal);
        Assert.Contains("Link: https://click.sender.example/c/", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_final_and_a_deferral_is_tried_again_with_the_same_message_id()
    {
        _receiver.AnswerTo = (recipient, trial) => recipient switch
        {
            "user1@rcpt.example" => "550 5.1.1 No such user",
            "user2@rcpt.example" when trial < 3 => "450 4.2.1 Busy",
            _ => "250 Ok",
        };
        var ids = new List<string>();
        var deferrals = 0;
        _receiver.Keep = recipient => Task.FromResult<string?>(recipient == "user3@rcpt.example" && deferrals++ == 0 ? "452 4.3.1 Full" : "250 Ok");
        await using var distributor = await Start();
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 3));
        await distributor.Until(7, progress => progress is { Refused: 1, Deferred: 2 });
        _clock.Advance(TimeSpan.FromHours(1));
        await distributor.Finish(7, () => _clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Empty(ids);
        var events = (await distributor.Events()).ToDictionary(happened => happened.RecipientId);
        Assert.Equal((Fate.Refused, 1u, "550 5.1.1 No such user"), (events[1].Fate, events[1].Attempts, events[1].Reply));
        Assert.Equal((Fate.Accepted, 3u), (events[2].Fate, events[2].Attempts));
        Assert.Equal((Fate.Accepted, 2u), (events[3].Fate, events[3].Attempts));
        Assert.Equal(2, _receiver.Count);

        // The date is that of the first attempt.
        Assert.Contains("Date: Tue, 24 Nov 2026 10:00:00 +0000\r\n", _receiver.Taken["user3@rcpt.example"].Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_answer_leaves_the_message_in_doubt_and_it_is_never_sent_again()
    {
        _receiver.Keep = recipient => Task.FromResult(recipient == "user3@rcpt.example" ? null : "250 Ok");
        await using var distributor = await Start();
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 50));
        var progress = await distributor.Finish(7);
        Assert.Equal(new Progress { Accepted = 49, InDoubt = 1 }, progress);
        Assert.Equal(50, _receiver.Count);
        var doubt = Assert.Single(await distributor.Events(), happened => happened.Fate == Fate.InDoubt);
        Assert.Equal((3ul, 1u), (doubt.RecipientId, doubt.Attempts));
    }

    [Fact]
    public async Task A_delivery_whose_bounces_go_elsewhere_keeps_its_envelope_sender()
    {
        await using var peer = ScriptedPeer.Playing("""
            S: 220 mx.example
            C: EHLO dst.example
            S: 250-mx.example
            S: 250-DSN
            S: 250 PIPELINING
            C: MAIL FROM:<bounces@elsewhere.example> RET=HDRS
            C: RCPT TO:<user1@rcpt.example> NOTIFY=FAILURE ORCPT=rfc822;user1@rcpt.example
            C: DATA

            """ + Sending.Agreed + "M: \\r\\n.\\r\\n\nS: 250 2.0.0 Ok\nC: QUIT\nS: 221 Bye");
        await using var distributor = await TestDistributor.Start(
            _store.Database, _clock, peer.Endpoint.Port, new LaneSettings { Connections = 1 }, returns: new ReturnSettings { ReturnDomain = Returning.Domain });
        var delivery = Make.WireDelivery(7, _clock.GetUtcNow());
        (delivery.EnvelopeSender, delivery.OwnReturn) = ("bounces@elsewhere.example", true);
        await distributor.Get<DeliveriesService>().Open(delivery, new TestCall());
        await distributor.Submit(Make.WireBatch(7, 1, 1, 1));
        Assert.Equal(new Progress { Accepted = 1 }, await distributor.Finish(7));
        await distributor.Stop(TestContext.Current.CancellationToken);
        await peer.Played;
    }

    [Fact]
    public async Task With_a_return_domain_the_envelope_says_by_its_sender_and_its_id_whose_message_it_is()
    {
        var sender = Returning.AddressOf(7, 1);
        await using var peer = ScriptedPeer.Playing($"""
            S: 220 mx.example
            C: EHLO dst.example
            S: 250-mx.example
            S: 250-DSN
            S: 250 PIPELINING
            C: MAIL FROM:<{sender}> RET=HDRS ENVID={sender.Split('@')[0]}
            C: RCPT TO:<user1@rcpt.example> NOTIFY=FAILURE ORCPT=rfc822;user1@rcpt.example
            C: DATA

            """ + Sending.Agreed + "M: \\r\\n.\\r\\n\nS: 250 2.0.0 Ok\nC: QUIT\nS: 221 Bye");
        await using var distributor = await TestDistributor.Start(
            _store.Database, _clock, peer.Endpoint.Port, new LaneSettings { Connections = 1 }, returns: new ReturnSettings { ReturnDomain = Returning.Domain });
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 1));
        Assert.Equal(new Progress { Accepted = 1 }, await distributor.Finish(7));
        await distributor.Stop(TestContext.Current.CancellationToken);
        await peer.Played;
    }

    [Fact]
    public async Task Who_is_on_the_suppression_list_at_the_moment_of_sending_gets_nothing()
    {
        await using var distributor = await Start();
        await distributor.Suppress(
            new SuppressionChange { Number = 1, Address = "user2@rcpt.example", Suppressed = true, Reason = "unsubscribed on 2026-11-01" },
            new SuppressionChange { Number = 2, Address = "user3@rcpt.example", Suppressed = true, Reason = "complained" },
            new SuppressionChange { Number = 3, Address = "user3@rcpt.example", Suppressed = false });
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 3, id => id == 2 ? "User2@RCPT.example" : $"user{id}@rcpt.example"));
        Assert.Equal(new Progress { Accepted = 2, Suppressed = 1 }, await distributor.Finish(7));
        var suppressed = Assert.Single(await distributor.Events(), happened => happened.Fate == Fate.Suppressed);
        Assert.Equal((2ul, "unsubscribed on 2026-11-01", 0u), (suppressed.RecipientId, suppressed.Reply, suppressed.Attempts));
        Assert.Equal(2, _receiver.Count);
    }

    [Fact]
    public async Task A_suppression_that_comes_while_recipients_are_in_memory_still_counts()
    {
        var open = new TaskCompletionSource();
        _receiver.Keep = async _ =>
        {
            await open.Task;
            return "250 Ok";
        };
        await using var distributor = await Start(new LaneSettings { Connections = 1 });
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 10));
        await distributor.Until(7, progress => progress.OnTheWire == 1);
        await distributor.Suppress(new SuppressionChange { Number = 1, Address = "user9@rcpt.example", Suppressed = true, Reason = "stop" });
        open.SetResult();
        Assert.Equal(new Progress { Accepted = 9, Suppressed = 1 }, await distributor.Finish(7));
        Assert.DoesNotContain("user9@rcpt.example", _receiver.Taken.Keys);
    }

    [Fact]
    public async Task What_is_held_waits_and_what_is_withdrawn_never_leaves()
    {
        await using var distributor = await Start();
        await distributor.Direct(7, 1, Contracts.Dst.V1.Course.Hold);
        await distributor.Open(7);
        await distributor.Open(8);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 20));
        await distributor.Submit(Make.WireBatch(8, 1, 1, 20, id => $"other{id}@rcpt.example"));
        await distributor.Finish(8);
        Assert.Equal(new Progress { Waiting = 20 }, await distributor.Progress(7));
        await distributor.Direct(7, 2, Contracts.Dst.V1.Course.Withdraw);
        Assert.Equal(new Progress { Withdrawn = 20 }, await distributor.Finish(7, Tick));
        await distributor.Submit(Make.WireBatch(7, 2, 21, 5));
        Assert.Equal(new Progress { Withdrawn = 25 }, await distributor.Finish(7, Tick));
        Assert.Equal(20, _receiver.Count);
    }

    [Fact]
    public async Task What_was_held_goes_on_when_it_is_told_to_run()
    {
        var open = new TaskCompletionSource();
        _receiver.Keep = async _ =>
        {
            await open.Task;
            return "250 Ok";
        };
        await using var distributor = await Start(new LaneSettings { Connections = 2 });
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 20));
        await distributor.Until(7, progress => progress.OnTheWire == 2);
        await distributor.Direct(7, 1, Contracts.Dst.V1.Course.Hold);
        open.SetResult();
        var held = await distributor.Until(7, progress => progress.OnTheWire == 0);
        Assert.InRange(held.Accepted, 2ul, 4ul);
        Assert.Equal(20ul, held.Accepted + held.Waiting);
        await distributor.Direct(7, 2, Contracts.Dst.V1.Course.Run);
        Assert.Equal(new Progress { Accepted = 20 }, await distributor.Finish(7, Tick));
    }

    [Fact]
    public async Task A_host_that_cannot_be_reached_lets_everybody_wait_with_the_reason_and_is_tried_again()
    {
        var port = FreePort.Next();
        await using var distributor = await TestDistributor.Start(_store.Database, _clock, port);
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 20));
        var stuck = await distributor.Until(7, progress => progress.Deferred == 20);
        var lane = Assert.Single(stuck.DeferredLanes);
        Assert.Equal((20ul, $"127.0.0.1:{port}"), (lane.Recipients, lane.Destination));
        Assert.Contains("No connection", lane.Reply, StringComparison.Ordinal);
        Assert.Empty(await distributor.Events());
        await using var late = new Receiver(port);
        Assert.Equal(new Progress { Accepted = 20 }, await distributor.Finish(7, Tick));
        Assert.Equal(20, late.Count);
    }

    [Fact]
    public async Task What_cannot_be_sent_in_time_expires_with_the_last_words()
    {
        _receiver.AnswerTo = static (recipient, _) => recipient == "user1@rcpt.example" ? "450 4.2.1 Busy" : "250 Ok";
        await using var distributor = await Start(queue: new QueueSettings { RetryAfter = TimeSpan.FromSeconds(10), Expiry = TimeSpan.FromMinutes(1) });
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 2));
        await distributor.Until(7, progress => progress is { Deferred: 1, Accepted: 1 });
        Assert.Equal(new Progress { Accepted = 1, Expired = 1 }, await distributor.Finish(7, () => _clock.Advance(TimeSpan.FromSeconds(5))));
        var expired = Assert.Single(await distributor.Events(), happened => happened.Fate == Fate.Expired);
        Assert.Equal("450 4.2.1 Busy", expired.Reply);
        Assert.InRange(expired.Attempts, 2u, 4u);
    }

    [Fact]
    public async Task A_graceful_stop_waits_for_the_answers_and_the_rest_waits_on_disk()
    {
        var open = new TaskCompletionSource();
        _receiver.Keep = async _ =>
        {
            await open.Task;
            return "250 Ok";
        };
        var distributor = await Start(new LaneSettings { Connections = 3 });
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 20));
        await distributor.Until(7, progress => progress.OnTheWire == 3);
        var stop = distributor.Stop(TestContext.Current.CancellationToken);
        open.SetResult();
        await stop;
        await distributor.DisposeAsync();
        await using var next = await Start();
        Assert.Equal(new Progress { Accepted = 20 }, await next.Finish(7));
        Assert.Equal(20, _receiver.Count);
    }

    [Fact]
    public async Task A_stop_that_takes_too_long_leaves_the_unanswered_in_doubt()
    {
        var open = new TaskCompletionSource();
        _receiver.Keep = async _ =>
        {
            await open.Task;
            return "250 Ok";
        };
        var distributor = await Start(new LaneSettings { Connections = 3 });
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 20));
        await distributor.Until(7, progress => progress.OnTheWire == 3);
        await distributor.Stop(new CancellationToken(canceled: true));
        await distributor.DisposeAsync();
        open.SetResult();
        await using var next = await Start();
        Assert.Equal(new Progress { Accepted = 17, InDoubt = 3 }, await next.Finish(7));
    }

    [Fact]
    public async Task The_rate_is_a_limit_over_all_connections()
    {
        await using var distributor = await Start(new LaneSettings { Connections = 4, Rate = 10 });
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 30));
        for (var sent = 1; sent <= 20; sent++)
        {
            await distributor.Until(7, progress => progress.Accepted >= (ulong)sent);
            Assert.Equal(sent, _receiver.Count);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(30ul, (await distributor.Finish(7, () => _clock.Advance(TimeSpan.FromSeconds(1)))).Accepted);
    }

    [Fact]
    public async Task Receivers_that_defer_refuse_and_drop_at_random_get_nothing_twice()
    {
        var random = new Random(20261124);
        string Pick(params string[] replies)
        {
            lock (random)
            {
                return replies[random.Next(replies.Length)];
            }
        }

        _receiver.AnswerTo = (_, _) => Pick("250 Ok", "250 Ok", "250 Ok", "250 Ok", "450 4.2.1 Busy", "550 5.1.1 Gone");
        _receiver.Keep = _ => Task.FromResult<string?>(Pick("250 Ok", "250 Ok", "250 Ok", "250 Ok", "451 4.3.0 Later", "554 5.7.1 Spam", "drop") is var reply && reply == "drop" ? null : reply);
        await using var distributor = await Start(new LaneSettings { Connections = 8 });
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 1000));
        var progress = await distributor.Finish(7, () => _clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(1000ul, progress.Accepted + progress.Refused + progress.InDoubt + progress.Expired);
        Assert.All(_receiver.Taken.Values, messages => Assert.Single(messages));
        Assert.Equal((ulong)_receiver.Count, progress.Accepted + progress.InDoubt);
        var events = await distributor.Events();
        Assert.Equal(1000, events.Select(happened => happened.RecipientId).Distinct().Count());
        Assert.Equal(1000, events.Count);
        Assert.All(events, happened => Assert.Equal(happened.Fate is Fate.Accepted or Fate.InDoubt, _receiver.Taken.ContainsKey($"user{happened.RecipientId}@rcpt.example")));
    }

    private void Tick() => _clock.Advance(TimeSpan.FromSeconds(1));

    private Task<TestDistributor> Start(LaneSettings? lanes = null, QueueSettings? queue = null) =>
        TestDistributor.Start(_store.Database, _clock, _receiver.Port, lanes, queue);
}
