// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Lanes;
using Tutti.Dst.Lanes.Live;
using Tutti.Dst.Lanes.Pacing;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.Tests.Smtp.Destinations;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Lanes;

/// <summary>Mail is paced by who receives it: what the operator of many domains sees of us.</summary>
public sealed class OperatorLanesTests : IAsyncLifetime
{
    private const int Domains = 20;
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
    private readonly Store _store = Store.OnSqlite();
    private readonly TemporaryFolder _folder = new();
    private readonly Receiver _big = new();
    private readonly CountingDoor _door;
    private readonly Receiver _other;
    private readonly ScriptedDns _dns;

    public OperatorLanesTests()
    {
        _door = new CountingDoor(_big.Port);
        _other = new Receiver(_door.Port, IPAddress.Parse("127.0.0.2"));
        _dns = ScriptedDns.With(
            string.Join('\n', Enumerable.Range(0, Domains).Select(number => $"d{number}.example 300 MX 10 mx{number % 2}.big.example"))
            + "\nmx0.big.example 300 A 127.0.0.1\nmx1.big.example 300 A 127.0.0.1\nother.example 300 MX 10 mx.other.example\nmx.other.example 300 A 127.0.0.2\nsilent.example SILENT");
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _big.DisposeAsync();
        await _other.DisposeAsync();
        await _dns.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task All_domains_of_an_operator_share_its_connections_and_reuse_them()
    {
        await using var distributor = await Start(connections: 2);
        await Submit(distributor, 100);
        Assert.Equal(new Progress { Accepted = 100 }, await distributor.Finish(7));
        Assert.Equal(100, _big.Count);
        Assert.InRange(_door.Most, 1, 2);

        // Two hosts and two connections: without sharing it would be one for each of the twenty domains at least.
        Assert.InRange(_door.All, 1, 10);
        Assert.Equal(100, distributor.Get<Paces>().Find("big.example")!.Counts.Accepted);
    }

    [Fact]
    public async Task The_file_says_how_an_operator_is_treated()
    {
        await Policies("big.Hosts=big.example", "big.Connections=1", "big.MessagesPerConnection=5");
        await using var distributor = await Start(connections: 10);
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 40, id => $"user{id}@d0.example"));
        Assert.Equal(new Progress { Accepted = 40 }, await distributor.Finish(7));
        Assert.Equal((1, 8), (_door.Most, _door.All));
    }

    [Fact]
    public async Task The_rate_of_a_lane_is_its_own()
    {
        await Policies("big.Hosts=big.example", "big.Rate=600/m");
        await using var distributor = await Start();
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 60, id => $"user{id}@d{id % Domains}.example"));
        await distributor.Open(8);
        await distributor.Submit(Make.WireBatch(8, 1, 1, 60, id => $"user{id}@other.example"));
        var start = _clock.GetUtcNow();
        Assert.Equal(new Progress { Accepted = 60 }, await distributor.Finish(8));
        Assert.Equal(start, _clock.GetUtcNow());
        await distributor.Finish(7, () => _clock.Advance(TimeSpan.FromMilliseconds(100)));
        Assert.True(_clock.GetUtcNow() - start >= TimeSpan.FromSeconds(5.8), $"It took only {_clock.GetUtcNow() - start}.");
    }

    [Fact]
    public async Task A_changed_file_counts_without_a_restart_and_a_wrong_one_does_not_count()
    {
        await Policies("big.Hosts=big.example", "big.Connections=7");
        await using var distributor = await Start();
        await Submit(distributor, 20);
        await distributor.Finish(7);
        var pace = distributor.Get<Paces>().Find("big")!;
        Assert.Equal(7, pace.Policy.Connections);

        await Policies("big.Hosts=big.example", "big.Connections=0");
        await Until(async () => (await Problems(distributor)).Any(problem => problem.Contains("lanes.ini:2: big.Connections", StringComparison.Ordinal)));
        Assert.Equal(7, pace.Policy.Connections);

        await Policies("big.Hosts=big.example", "big.Connections=3", "big.Rate=5/s");
        await Until(() => Task.FromResult(pace.Policy.Connections == 3));
        Assert.Equal((3, 5.0), (pace.Limit, pace.Rate.PerSecond));
        Assert.Empty(await Problems(distributor));
    }

    [Fact]
    public async Task A_shutdown_with_a_hint_lets_the_whole_lane_wait_so_long_and_nobody_else()
    {
        var isShut = true;
        _big.AnswerTo = (_, _) => isShut ? "421 4.7.0 Too much from you, try again in 10 minutes" : "250 Ok";
        await using var distributor = await Start();
        await Submit(distributor, 100, another: 50);
        var stuck = await distributor.Until(7, now => now is { Accepted: 50, Deferred: 100 });
        var named = _big.Named.Values.Sum();
        Assert.InRange(named, 1, 10);
        Assert.All(stuck.DeferredLanes, lane => Assert.StartsWith("421 4.7.0 Too much", lane.Reply, StringComparison.Ordinal));
        Assert.Contains(await Problems(distributor), problem => problem.StartsWith("1 lane pauses", StringComparison.Ordinal) && problem.Contains("big.example", StringComparison.Ordinal));
        Assert.True(distributor.Get<Paces>().Find("big.example")!.Until >= (_clock.GetUtcNow() + TimeSpan.FromMinutes(9.9)).ToUnixTimeMilliseconds());

        isShut = false;
        var start = _clock.GetUtcNow();
        Assert.Equal(new Progress { Accepted = 150 }, await distributor.Finish(7, () => _clock.Advance(TimeSpan.FromSeconds(5))));
        Assert.InRange(_clock.GetUtcNow() - start, TimeSpan.FromMinutes(9.5), TimeSpan.FromMinutes(30));
        Assert.Equal(named + 100, _big.Named.Values.Sum());
    }

    [Fact]
    public async Task Live_values_say_how_each_lane_goes_and_the_list_is_bounded()
    {
        await using var distributor = await Start(connections: 2);
        await Submit(distributor, 40, another: 5);
        await distributor.Finish(7, () => _clock.Advance(TimeSpan.FromSeconds(1)));
        await Until(() => Task.FromResult(distributor.Get<Paces>().Find("big.example")!.Recent.InLastMinute == 40));
        var list = await distributor.Get<LanesService>().List(new ListLanesRequest(), new TestCall());
        Assert.Equal([("big.example", 40ul, 40ul), ("other.example", 5ul, 5ul)], list.Lanes.Select(lane => (lane.Name, lane.Accepted, lane.AcceptedPerMinute)));
        Assert.Equal(("closed", 2u, 2u, 0ul), (list.Lanes[0].Breaker, list.Lanes[0].Limit, list.Lanes[0].Most, list.Lanes[0].Deferred));
        list = await distributor.Get<LanesService>().List(new ListLanesRequest { Limit = 1 }, new TestCall());
        Assert.Equal((1, 1u), (list.Lanes.Count, list.Others));
    }

    [Fact]
    public async Task Words_that_the_file_names_let_a_lane_pause()
    {
        await Policies("big.Hosts=big.example", "big.PauseOn=[TS0", "big.PauseFor=2h");
        _big.AnswerTo = static (_, _) => "451 4.2.1 [TS04] Messages temporarily deferred";
        await using var distributor = await Start(connections: 1);
        await Submit(distributor, 100);
        await distributor.Until(7, now => now.Deferred == 100);
        var pace = distributor.Get<Paces>().Find("big")!;
        Assert.Equal((PaceState.Open, 1), (pace.State, _big.Named.Values.Sum()));
        Assert.Equal(2 * 60 * 60 * 1000, pace.Until - _clock.GetUtcNow().ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task An_operator_that_puts_everything_off_gets_fewer_connections_and_then_a_pause()
    {
        _big.AnswerTo = static (_, _) => "451 4.7.1 Your rate is too high";
        await using var distributor = await Start(connections: 10);
        await Submit(distributor, 200, another: 20);
        await distributor.Until(7, now => now is { Accepted: 20, Deferred: 200 });
        var pace = distributor.Get<Paces>().Find("big.example")!;
        Assert.Equal((PaceState.Open, 1), (pace.State, pace.Limit));
        Assert.InRange(_big.Named.Values.Sum(), 5, 60);
    }

    [Fact]
    public async Task Mailboxes_that_are_busy_slow_nobody_down()
    {
        _big.AnswerTo = static (_, _) => "450 4.2.1 This mailbox is busy";
        await using var distributor = await Start(connections: 10);
        await Submit(distributor, 200);
        await distributor.Until(7, now => now.Deferred == 200);
        var pace = distributor.Get<Paces>().Find("big.example")!;
        Assert.Equal(PaceState.Closed, pace.State);
        Assert.Equal(200, _big.Named.Values.Sum());
    }

    [Fact]
    public async Task An_operator_that_cannot_be_reached_is_left_alone_with_all_its_domains_until_it_answers()
    {
        _dns.Zone = string.Join('\n', Enumerable.Range(0, Domains).Select(number => $"d{number}.example 300 MX 10 mx.dead.example"))
            + "\nmx.dead.example 300 A 127.0.0.3\nother.example 300 MX 10 mx.other.example\nmx.other.example 300 A 127.0.0.2";
        await using var distributor = await Start();
        await Submit(distributor, 100, another: 20);
        var stuck = await distributor.Until(7, now => now is { Accepted: 20, Deferred: 100 });
        Assert.All(stuck.DeferredLanes, lane => Assert.Contains("No connection", lane.Reply, StringComparison.Ordinal));
        Assert.Equal(PaceState.Open, distributor.Get<Paces>().Find("dead.example")!.State);

        // Only those that were tried themselves count as destinations that cannot be reached.
        Assert.InRange(distributor.Get<LaneTroubles>().Count, 1, 10);
        await using var late = new Receiver(_door.Port, IPAddress.Parse("127.0.0.3"));
        Assert.Equal(new Progress { Accepted = 120 }, await distributor.Finish(7, () => _clock.Advance(TimeSpan.FromSeconds(1))));
        Assert.Equal(100, late.Count);
    }

    [Theory]
    [InlineData("450 4.2.0 Greylisted, please try again in 7 minutes", 7 * 60, (7 * 60) + 11)]
    [InlineData("450 4.2.0 Busy", 300, 361)]
    public async Task A_receiver_that_says_when_to_come_back_is_heeded(string reply, int from, int to)
    {
        _big.AnswerTo = (_, trial) => trial == 1 ? reply : "250 Ok";
        await using var distributor = await Start(queue: new QueueSettings());
        await Submit(distributor, 1);
        var lane = Assert.Single((await distributor.Until(7, now => now.Deferred == 1)).DeferredLanes);
        Assert.InRange((lane.NextAttemptMs - _clock.GetUtcNow().ToUnixTimeMilliseconds()) / 1000, from, to);
        await distributor.Finish(7, () => _clock.Advance(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task A_large_domain_holds_up_no_small_one_of_the_same_operator()
    {
        await using var distributor = await Start(connections: 1);

        // Both ways are known from here on, so that the domains come into the lane together.
        await distributor.Open(6);
        await distributor.Submit(Make.WireBatch(6, 1, 1, 2, id => $"user{id}@{(id == 2 ? "d2" : "d0")}.example"));
        await distributor.Finish(6);
        var before = 0;
        _big.Keep = recipient =>
        {
            before = before == 0 && recipient.EndsWith("@d2.example", StringComparison.Ordinal) ? _big.Count : before;
            return Task.FromResult<string?>("250 Ok");
        };
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 153, id => $"user{id}@{(id > 150 ? "d2" : "d0")}.example"));
        await distributor.Finish(7);
        Assert.InRange(before, 1, 102);
    }

    [Fact]
    public async Task A_domain_whose_DNS_is_silent_holds_up_nobody()
    {
        await using var distributor = await Start(connections: 2);
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 60, id => $"user{id}@{(id % 3 == 0 ? "silent" : "other")}.example"));
        var progress = await distributor.Until(7, now => now.Accepted == 40);
        Assert.Equal(20ul, progress.Waiting + progress.Deferred);
    }

    [Fact]
    public async Task A_domain_that_moves_to_another_operator_goes_to_its_lane()
    {
        await using var distributor = await Start();
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 5, id => $"user{id}@d0.example"));
        await distributor.Finish(7);
        await Until(() => Task.FromResult(distributor.Get<Paces>().Find("big.example")!.Destinations == 0));
        _dns.Zone = "d0.example 300 MX 10 mx.other.example\nmx.other.example 300 A 127.0.0.2";
        _clock.Advance(TimeSpan.FromHours(2));
        await distributor.Submit(Make.WireBatch(7, 2, 6, 5, id => $"user{id}@d0.example"));
        await distributor.Finish(7, () => _clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal((5, 5), (_big.Count, _other.Count));
        Assert.Equal(5, distributor.Get<Paces>().Find("other.example")!.Counts.Accepted);
    }

    private static async Task<IReadOnlyList<string>> Problems(TestDistributor distributor) =>
        (await distributor.Get<DistributorStatus>().Report(CancellationToken.None)).Problems;

    private static async Task Submit(TestDistributor distributor, int count, int another = 0)
    {
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, count, id => string.Create(CultureInfo.InvariantCulture, $"user{id}@d{id % Domains}.example")));
        await distributor.Submit(Make.WireBatch(7, 2, (ulong)count + 1, another, id => $"user{id}@other.example"));
    }

    private async Task Policies(params string[] lines)
    {
        await File.WriteAllLinesAsync(_folder.File("lanes.ini"), lines, TestContext.Current.CancellationToken);

        // A file system that counts in whole seconds must still show that the file is another one.
        File.SetLastWriteTimeUtc(_folder.File("lanes.ini"), new DateTime(2026, 1, 1, 0, 0, _written++, DateTimeKind.Utc));
    }

    private int _written;

    private async Task Until(Func<Task<bool>> reached)
    {
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(60);
        while (!await reached())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, "It takes too long.");
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private Task<TestDistributor> Start(int connections = 4, QueueSettings? queue = null) => TestDistributor.Start(
        _store.Database,
        _clock,
        _door.Port,
        new LaneSettings { Connections = connections },
        queue ?? new QueueSettings { RetryAfter = TimeSpan.FromMinutes(5) },
        _folder.Path,
        new RouteSettings { Mode = DeliveryMode.Mx, Resolver = _dns.Address, RemotePort = _door.Port });
}
