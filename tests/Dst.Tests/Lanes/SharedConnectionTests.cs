// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Lanes;
using Tutti.Dst.Lanes.Live;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.Tests.Smtp.Destinations;

namespace Tutti.Dst.Tests.Lanes;

public sealed class SharedConnectionTests
{
    [Fact]
    public async Task A_connection_without_encryption_carries_nobody_whose_domain_demands_it()
    {
        // One host without STARTTLS for two domains: only what leads to it from the second one is validated, so only there its TLSA record counts.
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
        await using var receiver = new Receiver(address: IPAddress.Loopback);
        await using var dns = ScriptedDns.With(
            $"""
            open.example 300 MX 10 mx.big.example
            strict.example 300! MX 10 mx.big.example
            mx.big.example 300! A 127.0.0.1
            _{receiver.Port}._tcp.mx.big.example 300! TLSA 3 1 1 {new string('A', 64)}
            """);
        await using var store = Store.OnSqlite();
        await using var distributor = await TestDistributor.Start(
            store.Database,
            clock,
            receiver.Port,
            new LaneSettings { Connections = 1 },
            new QueueSettings { RetryAfter = TimeSpan.FromMinutes(5) },
            routes: new RouteSettings { Mode = DeliveryMode.Mx, Resolver = dns.Address, RemotePort = receiver.Port, ResolverValidates = true });

        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 60, id => $"user{id}@{(id % 2 == 0 ? "open" : "strict")}.example"));
        var progress = await distributor.Until(7, progress => progress.Accepted >= 30 && distributor.Get<LaneTroubles>().Count > 0);

        Assert.Equal((30UL, 30UL), (progress.Accepted, progress.Waiting + progress.Deferred));
        Assert.All(receiver.Named.Keys, recipient => Assert.EndsWith("@open.example", recipient, StringComparison.Ordinal));
    }
}
