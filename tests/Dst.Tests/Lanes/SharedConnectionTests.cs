// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Lanes;
using Tutti.Dst.Lanes.Live;
using Tutti.Dst.Lanes.Pacing;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.Tests.Smtp.Destinations;

namespace Tutti.Dst.Tests.Lanes;

public sealed class SharedConnectionTests
{
    [Fact]
    public async Task A_domain_whose_demand_is_not_met_rests_alone_and_costs_its_operator_nothing()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
        await using var receiver = new Receiver(address: IPAddress.Loopback);
        await using var dns = DnsOfTwoDomains(receiver.Port);
        await using var store = Store.OnSqlite();
        var open = new TaskCompletionSource();
        var kept = 0;
        receiver.Keep = async _ =>
        {
            if (Interlocked.Increment(ref kept) <= 2)
            {
                await open.Task;
            }

            return "250 Ok";
        };
        await using var distributor = await Start(store, clock, receiver.Port, dns, connections: 4);

        // Two connections of the other domain are open all the while.
        await Submit(distributor);
        await distributor.Until(7, _ => distributor.Get<LaneTroubles>().Of("strict.example") is not null);
        open.SetResult();
        await distributor.Until(7, progress => progress.Accepted == 30);

        var pace = distributor.Get<Paces>().Find("big.example")!;
        Assert.Equal((4, PaceState.Closed), (pace.Limit, pace.State));
    }

    [Fact]
    public async Task A_connection_without_encryption_carries_nobody_whose_domain_demands_it()
    {
        // One host without STARTTLS for two domains: only what leads to it from the second one is validated, so only there its TLSA record counts.
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
        await using var receiver = new Receiver(address: IPAddress.Loopback);
        await using var dns = DnsOfTwoDomains(receiver.Port);
        await using var store = Store.OnSqlite();
        await using var distributor = await Start(store, clock, receiver.Port, dns, connections: 1);

        await Submit(distributor);
        var progress = await distributor.Until(7, progress => progress.Accepted >= 30 && distributor.Get<LaneTroubles>().Count > 0);

        Assert.Equal((30UL, 30UL), (progress.Accepted, progress.Waiting + progress.Deferred));
        Assert.All(receiver.Named.Keys, recipient => Assert.EndsWith("@open.example", recipient, StringComparison.Ordinal));
    }

    private static ScriptedDns DnsOfTwoDomains(int port) => ScriptedDns.With(
        $"""
        open.example 300 MX 10 mx.big.example
        strict.example 300! MX 10 mx.big.example
        mx.big.example 300! A 127.0.0.1
        _{port}._tcp.mx.big.example 300! TLSA 3 1 1 {new string('A', 64)}
        """);

    private static Task<TestDistributor> Start(Store store, TimeProvider clock, int port, ScriptedDns dns, int connections) => TestDistributor.Start(
        store.Database,
        clock,
        port,
        new LaneSettings { Connections = connections },
        new QueueSettings { RetryAfter = TimeSpan.FromMinutes(5) },
        routes: new RouteSettings { Mode = DeliveryMode.Mx, Resolver = dns.Address, RemotePort = port, ResolverValidates = true });

    private static async Task Submit(TestDistributor distributor)
    {
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 60, id => $"user{id}@{(id % 2 == 0 ? "open" : "strict")}.example"));
    }
}
