// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Dapper;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Journal;
using Tutti.Dst.Lanes;
using Tutti.Dst.Lanes.Pacing;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.Tests.Smtp.Destinations;
using Tutti.Testing;
using Tutti.Wiring.Hosting;

namespace Tutti.Dst.Tests.Lanes;

/// <summary>Several distributors on one PostgreSQL database: one queue, one feed, and nobody gets two messages whoever is killed, asleep or slow.</summary>
public sealed class GroupTests(PostgresServer postgres) : IAsyncLifetime
{
    private static readonly GroupSettings _soon = new() { TakeOverAfter = TimeSpan.FromSeconds(1) };
    private static readonly GroupSettings _never = new() { TakeOverAfter = TimeSpan.FromHours(1) };
    private readonly Receiver _receiver = new();
    private readonly TemporaryFolder _folder = new();
    private Store _store = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await Store.OnPostgres(postgres);

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Two_share_the_mail_that_one_was_given_and_either_tells_what_became_of_it()
    {
        _receiver.Keep = async _ =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ending);
            return "250 Ok";
        };
        await using var one = await Start("one:1099");
        await using var two = await Start("two:1099");
        await one.Open(7);
        foreach (var batch in Enumerable.Range(0, 4))
        {
            await one.Submit(Make.WireBatch(7, (uint)batch + 1, ((ulong)batch * 500) + 1, 500));
        }

        Assert.Equal(new Progress { Accepted = 2000 }, await two.Finish(7));
        Assert.All([one, two], node => Assert.True(Sent(node) > 0, "One of them did nothing."));
        Assert.Equal(2000, Sent(one) + Sent(two));
        AssertEachOnce(2000);
        var (told, toldByTwo) = (await one.Events(), await two.Events());
        Assert.Equal(Enumerable.Range(1, 2000).Select(number => (ulong)number), told.Select(each => each.Number));
        Assert.Equal(2000, told.Select(each => each.RecipientId).Distinct().Count());
        Assert.Equal(told, toldByTwo);
        Assert.Equal(one.Journal.FeedId, two.Journal.FeedId);
    }

    [Fact]
    public async Task What_one_is_told_holds_for_all()
    {
        var held = new TaskCompletionSource<string?>();
        _receiver.Keep = _ => held.Task;
        await using var one = await Start("one:1099");
        await using var two = await Start("two:1099");
        await one.Open(7);
        await one.Submit(Make.WireBatch(7, 1, 1, 1500));
        await two.Until(7, now => now.OnTheWire == 8);
        await one.Direct(7, 1, Contracts.Dst.V1.Course.Withdraw);
        await two.Suppress(new Contracts.Dst.V1.SuppressionChange { Number = 1, Address = "user9@rcpt.example", Suppressed = true, Reason = "asked" });
        var progress = await two.Until(7, now => now.Withdrawn == 1492);
        Assert.Equal(8ul, progress.OnTheWire);
        held.SetResult("250 Ok");
        Assert.Equal(new Progress { Accepted = 8, Withdrawn = 1492 }, await two.Finish(7));
        Assert.Equal(8, _receiver.Count);

        await one.Open(8);
        await one.Submit(Make.WireBatch(8, 1, 1, 20, id => $"user{id}@rcpt.example"));
        Assert.Equal(new Progress { Accepted = 19, Suppressed = 1 }, await one.Finish(8));
    }

    [Fact]
    public async Task One_that_sleeps_too_long_sends_nothing_twice_and_its_answers_settle_what_was_called_in_doubt()
    {
        var held = new TaskCompletionSource<string?>();
        _receiver.Keep = _ => held.Task;
        await using var sleeper = await Start("sleeper:1099", _never);
        await using var other = await Start("other:1099", _soon);
        await sleeper.Open(7);
        await sleeper.Submit(Make.WireBatch(7, 1, 1, 1500));
        await other.Until(7, now => now.OnTheWire == 8);

        // What it says next would reach nobody in time: the database counts it as gone, while it goes on.
        await Do("UPDATE node SET ends_at = 0 WHERE holder = 'sleeper:1099'");
        await other.Until(7, now => now.InDoubt == 4);
        _receiver.Keep = _ => Task.FromResult<string?>("250 Ok");
        held.SetResult("250 Ok after all");
        Assert.Equal(new Progress { Accepted = 1500 }, await other.Until(7, now => now.Accepted == 1500));

        AssertEachOnce(1500);
        var events = await other.Events();
        Assert.Equal(1504, events.Count);
        var doubtful = events.Where(each => each.Fate == Fate.InDoubt).Select(each => each.RecipientId).ToList();
        Assert.Equal(4, doubtful.Distinct().Count());
        Assert.All(events.Where(each => doubtful.Contains(each.RecipientId) && each.Fate != Fate.InDoubt), each => Assert.Equal("250 Ok after all", each.Reply));
        Assert.All(events.GroupBy(each => each.RecipientId), fates => Assert.Equal(Fate.Accepted, fates.Last().Fate));
    }

    [Fact]
    public async Task The_work_of_one_that_is_gone_goes_to_the_others_but_for_what_is_in_doubt()
    {
        await using var gone = await OpenStore.Start(_store.Database, TimeProvider.System);
        await gone.Journal.Write(session => DeliveryStore.Open(session, Make.Delivery(7) with { DueAt = gone.Now }, gone.Now));
        await gone.Submit(7, 1, [.. Enumerable.Range(1, 100).Select(id => Make.Recipient(id, $"127.0.0.1:{_receiver.Port}", SlotValues.Pack(["value"])))]);
        await Do("UPDATE store SET nodes = 1");
        await Do("INSERT INTO node (number, holder, ends_at, share) VALUES (1, 'gone:1099', 9000000000000, 2)");
        var claimed = await gone.Recipients.Claim(1, 7, $"127.0.0.1:{_receiver.Port}", gone.Now, 60, Ending);
        Assert.Equal(60, claimed.Count);
        Assert.True(await gone.Journal.Offer(claimed[0].Place, gone.Now));
        Assert.True(await gone.Journal.Offer(claimed[1].Place, gone.Now));

        // While it counts as alive nobody touches what it holds.
        await using var other = await Start("other:1099", _soon);
        await other.Until(7, now => now.Accepted == 40);
        Assert.Equal((58ul, 2ul), ((await other.Progress(7)).Waiting, (await other.Progress(7)).OnTheWire));
        await Do("UPDATE node SET ends_at = 0 WHERE number = 1");
        Assert.Equal(new Progress { Accepted = 98, InDoubt = 2 }, await other.Finish(7));
        Assert.False(await gone.Journal.Offer(claimed[0].Place, gone.Now));
        Assert.False(await gone.Journal.Offer(claimed[2].Place, gone.Now));
        Assert.Equal(98, _receiver.Count);
    }

    [Fact]
    public async Task The_limits_of_an_operator_hold_over_all_of_them_together()
    {
        await File.WriteAllLinesAsync(Path.Combine(_folder.Path, "lanes.ini"), ["big.Hosts=big.example", "big.Connections=4", "big.Start=4", "big.Rate=400/s"], Ending);
        await using var door = new CountingDoor(_receiver.Port);
        await using var dns = ScriptedDns.With("d.example 300 MX 10 mx.big.example\nmx.big.example 300 A 127.0.0.1");
        var routes = new RouteSettings { Mode = DeliveryMode.Mx, Resolver = dns.Address, RemotePort = door.Port };
        await using var one = await Start("one:1099", routes: routes, folder: _folder.Path, lanes: new LaneSettings { Connections = 50, Rate = 1000 });
        await one.Open(7);
        await one.Submit(Make.WireBatch(7, 1, 1, 800, id => string.Create(CultureInfo.InvariantCulture, $"user{id}@d.example")));
        await one.Until(7, now => now.Accepted > 20);
        Assert.Equal((4, 400.0, 1000.0), Limits(one));

        await using var two = await Start("two:1099", routes: routes, folder: _folder.Path, lanes: new LaneSettings { Connections = 50, Rate = 1000 });
        Assert.Equal(new Progress { Accepted = 800 }, await two.Finish(7));
        Assert.Equal(800, Sent(one) + Sent(two));
        Assert.True(Sent(two) > 0, "The second one did nothing.");
        Assert.All([one, two], node => Assert.Equal((2, 200.0, 500.0), Limits(node)));
        Assert.InRange(door.Most, 1, 4);

        await two.Stop(Ending);
        await one.Open(8);
        await one.Submit(Make.WireBatch(8, 1, 1, 5, id => string.Create(CultureInfo.InvariantCulture, $"user{id}@d.example")));
        await one.Until(8, now => now.Accepted == 5 && Limits(one) == (4, 400.0, 1000.0));
        static (int Connections, double Rate, double All) Limits(TestDistributor node) =>
            (node.Get<Paces>().Find("big")!.Policy.Connections, Math.Round(node.Get<Paces>().Find("big")!.Rate.PerSecond), Math.Round(node.Get<RateLimit>().PerSecond));
    }

    [Fact]
    public async Task Nobody_begins_before_all_others_know_of_him()
    {
        await Do("INSERT INTO node (number, holder, ends_at, share) VALUES (99, 'deaf:1099', 9000000000000, 1)");
        await using var one = await Start("one:1099", _never);
        await using var two = await Start("two:1099", _never);
        await Waiting(() => one.Get<StoreGroup>() is { Size: 3, MaySend: false } && two.Get<StoreGroup>() is { Size: 3, MaySend: false });
        await two.Open(7);
        await two.Submit(Make.WireBatch(7, 1, 1, 5));
        await Waiting(() => one.Get<StoreGroup>().Applied == 3 && two.Get<StoreGroup>().Applied == 3);
        Assert.Equal(0, _receiver.Count);
        await Do("UPDATE node SET share = 3 WHERE number = 99");
        Assert.Equal(new Progress { Accepted = 5 }, await one.Finish(7));
    }

    [Fact]
    public async Task One_that_would_deliver_in_another_way_does_not_start()
    {
        await using var one = await Start("one:1099");
        var refused = await Assert.ThrowsAsync<ServerStartException>(() => Start("two:1099", routes: new RouteSettings { Mode = DeliveryMode.Mx }));
        Assert.Contains("on all of them", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_may_be_away_for_a_while()
    {
        await using var server = new PostgresServer();
        await using var store = await Store.OnPostgres(server);
        await using var one = await Start("one:1099", store: store);
        await using var two = await Start("two:1099", store: store);
        await one.Open(7);
        await one.Submit(Make.WireBatch(7, 1, 1, 1000));
        await one.Submit(Make.WireBatch(7, 2, 1001, 1000));
        await Waiting(() => _receiver.Count > 200);
        await server.Stop();
        await server.StartAgain();
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(60);
        while (true)
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, "It does not go on.");
            try
            {
                Assert.Equal(new Progress { Accepted = 2000 }, await two.Finish(7));
                break;
            }
            catch (Npgsql.NpgsqlException)
            {
                // Not back yet.
            }
        }

        AssertEachOnce(2000);
        Assert.Equal(2000, (await one.Events()).Select(each => each.RecipientId).Distinct().Count());
        Assert.Equal(2000, (await one.Events()).Count);
    }

    private static long Sent(TestDistributor node) => node.Get<Paces>().All.Sum(lane => lane.Pace.Counts.Accepted);

    private static async Task Waiting(Func<bool> reached)
    {
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(60);
        while (!reached())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, "It takes too long.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ending);
        }
    }

    private void AssertEachOnce(int count)
    {
        Assert.Equal(count, _receiver.Taken.Count);
        Assert.DoesNotContain(_receiver.Taken, taken => taken.Value.Count != 1);
    }

    private Task<TestDistributor> Start(
        string holder, GroupSettings? group = null, Store? store = null, RouteSettings? routes = null, string folder = "/nonexistent", LaneSettings? lanes = null) => TestDistributor.Start(
        (store ?? _store).Database, TimeProvider.System, _receiver.Port, lanes, routes: routes, folder: folder, holder: holder, group: group);

    private async Task Do(string statement)
    {
        await using var connection = await _store.Database.Open(Ending);
        await connection.ExecuteAsync(statement);
    }
}
