// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Microsoft.Extensions.Time.Testing;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Lanes;
using Tutti.Dst.Lanes.Live;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.Tests.Smtp.Destinations;

namespace Tutti.Dst.Tests.Lanes;

/// <summary>Delivery to the recipients' own mail servers: each domain is a lane of its own.</summary>
public sealed class ManyDestinationsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
    private readonly Store _store = Store.OnSqlite();
    private readonly Receiver _quick = new();
    private readonly Receiver _slow;
    private readonly ScriptedDns _dns = ScriptedDns.With(
        """
        quick.example 300 MX 10 mx.quick.example
        mx.quick.example 300 A 127.0.0.1
        slow.example 300 MX 10 mx.slow.example
        mx.slow.example 300 A 127.0.0.2
        dead.example 300 MX 10 mx.dead.example
        mx.dead.example 300 A 127.0.0.3
        second.example 300 MX 10 mx.dead.example
        second.example 300 MX 20 mx.quick.example
        """);

    public ManyDestinationsTests() => _slow = new Receiver(_quick.Port, IPAddress.Parse("127.0.0.2"));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _quick.DisposeAsync();
        await _slow.DisposeAsync();
        await _dns.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_slow_destination_holds_nobody_else()
    {
        var open = new TaskCompletionSource();
        _slow.Keep = async _ =>
        {
            await open.Task;
            return "250 Ok";
        };
        await using var distributor = await Start();
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 400, id => $"user{id}@{(id % 2 == 0 ? "slow" : "quick")}.example"));
        var progress = await distributor.Until(7, now => now.Accepted == 200);
        Assert.Equal((200ul, 2ul), (progress.Waiting + progress.OnTheWire, progress.OnTheWire));
        open.SetResult();
        Assert.Equal(new Progress { Accepted = 400 }, await distributor.Finish(7));
        Assert.Equal((200, 200), (_quick.Count, _slow.Count));
    }

    [Fact]
    public async Task All_hosts_of_a_domain_are_tried_before_it_rests()
    {
        await using var distributor = await Start();
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 20, id => $"user{id}@{(id % 2 == 0 ? "second" : "dead")}.example"));
        var progress = await distributor.Until(7, now => now is { Accepted: 10, Deferred: 10 });
        var lane = Assert.Single(progress.DeferredLanes);
        Assert.Equal(("dead.example", 10ul), (lane.Destination, lane.Recipients));
        Assert.True(lane.NextAttemptMs > _clock.GetUtcNow().ToUnixTimeMilliseconds());
        Assert.Contains(await Problems(distributor), problem => problem.StartsWith("1 destination", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_domain_that_does_not_exist_is_refused()
    {
        await using var distributor = await Start();
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 3, id => $"user{id}@nowhere.example"));
        Assert.Equal(new Progress { Refused = 3 }, await distributor.Finish(7));
        Assert.All(await distributor.Events(), happened => Assert.Contains("nowhere.example", happened.Reply, StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_destinations_than_may_be_served_at_once_get_their_turn()
    {
        _dns.Zone = string.Join('\n', Enumerable.Range(1, 100).Select(number => $"d{number}.example 300 A 127.0.0.1"));
        await using var distributor = await Start(new LaneSettings { Connections = 2, Destinations = 5 });
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 300, id => $"user{id}@d{1 + (id % 100)}.example"));
        Assert.Equal(new Progress { Accepted = 300 }, await distributor.Finish(7, () => _clock.Advance(TimeSpan.FromSeconds(1))));
        Assert.Equal(300, _quick.Count);
    }

    [Fact]
    public async Task After_a_change_of_mode_those_who_wait_go_the_new_way()
    {
        await using (var capture = await TestDistributor.Start(_store.Database, _clock, port: 1))
        {
            await capture.Open(7);
            await capture.Submit(Make.WireBatch(7, 1, 1, 30, id => $"user{id}@{(id % 3 == 0 ? "slow" : "quick")}.example"));
            await capture.Until(7, now => now.Deferred == 30);
        }

        await using var distributor = await Start();
        Assert.Equal(new Progress { Accepted = 30 }, await distributor.Finish(7));
        Assert.Equal((20, 10), (_quick.Count, _slow.Count));
    }

    [Fact]
    public async Task A_destination_that_allows_fewer_connections_is_served_by_fewer()
    {
        await using var one = new Receiver(0, IPAddress.Loopback, connections: 1);
        await using var distributor = await TestDistributor.Start(_store.Database, _clock, one.Port, new LaneSettings { Connections = 5 });
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 200));
        Assert.Equal(new Progress { Accepted = 200 }, await distributor.Finish(7, () => _clock.Advance(TimeSpan.FromSeconds(1))));
    }

    private static async Task<IReadOnlyList<string>> Problems(TestDistributor distributor) =>
        (await distributor.Get<DistributorStatus>().Report(CancellationToken.None)).Problems;

    private Task<TestDistributor> Start(LaneSettings? lanes = null) => TestDistributor.Start(
        _store.Database,
        _clock,
        _quick.Port,
        lanes ?? new LaneSettings { Connections = 2 },
        routes: new RouteSettings { Mode = DeliveryMode.Mx, Resolver = _dns.Address, RemotePort = _quick.Port });
}
