// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Lanes.Pacing;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.SourceAddresses;
using Tutti.Dst.Tests.Smtp.Destinations;
using Tutti.Testing;

namespace Tutti.Dst.Tests.SourceAddresses;

/// <summary>Which address mail leaves from, and how much of it on which day, by what a receiver sees.</summary>
public sealed class WarmUpTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-12-01T23:00:00Z", null));
    private readonly Store _store = Store.OnSqlite();
    private readonly TemporaryFolder _folder = new();
    private readonly WatchingReceiver _receiver = new();
    private readonly ScriptedDns _dns = ScriptedDns.With("a.example 300 MX 10 mx.big.example\nb.example 300 MX 10 mx.other.example\nmx.big.example 300 A 127.0.0.1\nmx.other.example 300 A 127.0.0.1");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _dns.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_senders_mail_leaves_from_the_addresses_of_its_pool_under_their_names()
    {
        await Sources("Source.one=127.0.0.5 one.example\nSource.two=127.0.0.6 two.example\nSource.three=127.0.0.7 three.example\n" +
            "Pool.main=one, two\nPool.offers=three\nSenders.main=*\nSenders.offers=offers.example");
        await using var distributor = await Start(connections: 4);
        await Submit(distributor, 7, 60);
        await Submit(distributor, 8, 60, sender: "news@offers.example");
        Assert.Equal(60UL, (await distributor.Finish(7)).Accepted);
        Assert.Equal(60UL, (await distributor.Finish(8)).Accepted);

        Assert.All(_receiver.Taken, message => Assert.Equal(message.Sender == "news@offers.example", message.Caller == "127.0.0.7"));
        Assert.Equal(
            ["127.0.0.5 one.example", "127.0.0.6 two.example", "127.0.0.7 three.example"],
            _receiver.Taken.Select(message => $"{message.Caller} {message.Helo}").Distinct().Order());
        Assert.Equal(60, distributor.Get<Paces>().Find("big.example/offers")!.Counts.Accepted);
        Assert.Equal(60, distributor.Get<Paces>().Find("big.example")!.Counts.Accepted);
    }

    [Fact]
    public async Task What_exceeds_the_share_of_an_address_goes_over_another_one_of_its_pool()
    {
        await Sources("Source.old=127.0.0.5 old.example\nSource.new=127.0.0.6 new.example\nWarmUp.new=gentle from 2026-12-01\nPlan.gentle=12, 30");
        await using var distributor = await Start(connections: 4);
        await Submit(distributor, 7, 300);
        Assert.Equal(300UL, (await distributor.Finish(7)).Accepted);

        // How soon the new one is called is chance; it never carries more than its share.
        Assert.InRange(_receiver.From("127.0.0.6"), 1, 12);
        Assert.Equal(300, _receiver.Taken.Count);
    }

    [Fact]
    public async Task What_exceeds_the_share_of_all_waits_for_the_next_day_and_a_restart_changes_nothing()
    {
        await Sources("Source.new=127.0.0.6 new.example\nWarmUp.new=gentle from 2026-12-01\nPlan.gentle=20, 50");
        var distributor = await Start(connections: 3);
        await using (distributor)
        {
            await Submit(distributor, 7, 15);
            Assert.Equal(15UL, (await distributor.Finish(7)).Accepted);
        }

        Assert.Equal([new UsedShare("127.0.0.6", "", 15)], await new SourceDayStore(_store.Database).Of(new DateOnly(2026, 12, 1), CancellationToken.None));
        await using var again = await Start(connections: 3);
        await Submit(again, 8, 40);
        var waiting = await again.Until(8, now => now is { Accepted: 5, Deferred: 35 });
        Assert.Contains("carried to big.example what they may today", waiting.DeferredLanes.Single().Reply, StringComparison.Ordinal);
        Assert.Equal(DateTimeOffset.Parse("2026-12-02T00:00:00Z", null).ToUnixTimeMilliseconds(), waiting.DeferredLanes.Single().NextAttemptMs);
        Assert.Equal(20, _receiver.Taken.Count);

        _clock.SetUtcNow(DateTimeOffset.Parse("2026-12-02T00:00:01Z", null));
        Assert.Equal(40UL, (await again.Finish(8)).Accepted);
        Assert.Equal(55, _receiver.From("127.0.0.6"));
    }

    [Fact]
    public async Task A_kill_never_makes_room_for_more()
    {
        await Sources("Source.new=127.0.0.6 new.example\nWarmUp.new=gentle from 2026-12-01\nPlan.gentle=1000");
        await using var first = await Start();
        await Submit(first, 7, 15);
        await first.Finish(7);

        // As if killed: nothing is put back. Ten at a time are taken out of a share of a thousand.
        var used = (await new SourceDayStore(_store.Database).Of(new DateOnly(2026, 12, 1), CancellationToken.None)).Single().Messages;
        Assert.Equal(20, used);
    }

    [Fact]
    public async Task An_operator_may_have_a_share_of_its_own_and_others_do_not_wait_for_it()
    {
        await Sources("Source.new=127.0.0.6 new.example\nWarmUp.new=gentle from 2026-12-01\nPlan.gentle=1000\nPlan.gentle.big.example=8");
        await using var distributor = await Start();
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 40, id => $"user{id}@{(id % 2 == 0 ? "a" : "b")}.example"));
        await distributor.Until(7, now => now is { Accepted: 28, Deferred: 12 });
        Assert.Equal(28, _receiver.Taken.Count);
        Assert.Equal(["big.example"], distributor.Get<Paces>().Paused.Select(lane => lane.Lane));
    }

    [Fact]
    public async Task A_larger_plan_counts_at_once()
    {
        await Sources("Source.new=127.0.0.6 new.example\nWarmUp.new=gentle from 2026-12-01\nPlan.gentle=5");
        await using var distributor = await Start();
        await Submit(distributor, 7, 20);
        await distributor.Until(7, now => now is { Accepted: 5, Deferred: 15 });

        await Sources("Source.new=127.0.0.6 new.example\nWarmUp.new=gentle from 2026-12-01\nPlan.gentle=50", "2026-11-24T12:00:00Z");
        var done = await distributor.Finish(7, () => _clock.Advance(TimeSpan.FromMilliseconds(100)));
        Assert.Equal(20UL, done.Accepted);
    }

    private async Task Sources(string text, string changed = "2026-11-24T11:00:00Z")
    {
        await File.WriteAllTextAsync(_folder.File("sources.ini"), text, TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(_folder.File("sources.ini"), DateTimeOffset.Parse(changed, null).UtcDateTime);
    }

    private Task<TestDistributor> Start(int connections = 2) => TestDistributor.Start(
        _store.Database, _clock, _receiver.Port, new Dst.Lanes.LaneSettings { Connections = connections }, folder: _folder.Path,
        routes: new RouteSettings { Mode = DeliveryMode.Mx, RemotePort = _receiver.Port, Resolver = _dns.Address });

    private async Task Submit(TestDistributor distributor, ulong job, int count, string sender = "news@sender.example")
    {
        var delivery = Make.WireDelivery(job, _clock.GetUtcNow());
        (delivery.EnvelopeSender, delivery.SigningDomain) = (sender, sender.Split('@')[1]);
        await distributor.Get<Dst.Deliveries.DeliveriesService>().Open(delivery, new TestCall());
        await distributor.Submit(Make.WireBatch(job, 1, 1, count, id => $"user{id}@a.example"));
    }
}
