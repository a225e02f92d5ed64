// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Lanes;
using Tutti.Dst.Lanes.Live;
using Tutti.Dst.Lanes.Pacing;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.Tests.Smtp.Destinations;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Lanes;

/// <summary>Lanes that people pause, and pauses that outlive a restart.</summary>
public sealed class LaneHoldsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
    private readonly Store _store = Store.OnSqlite();
    private readonly TemporaryFolder _folder = new();
    private readonly Receiver _receiver = new();
    private readonly ScriptedDns _dns = ScriptedDns.With("big.example 300 MX 10 mx.big.example\nother.example 300 MX 10 mx.other.example\nmx.big.example 300 A 127.0.0.1\nmx.other.example 300 A 127.0.0.1");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _dns.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_lane_that_people_pause_waits_over_a_restart_until_they_resume_it_and_others_go_on()
    {
        await using (var distributor = await Start())
        {
            await Submit(distributor, 7, 2);
            await distributor.Finish(7);
            await Lanes(distributor).Hold(new HoldLaneRequest { Name = "big.example", By = "ada" }, new TestCall());
            await Submit(distributor, 8, 20);
            var progress = await distributor.Until(8, now => now is { Accepted: 10, Deferred: 10 });
            Assert.Equal("ada paused this lane.", progress.DeferredLanes.Single().Reply);
            var lane = (await List(distributor))[0];
            Assert.Equal(("big.example", "held", "ada", 10ul, 0L), (lane.Name, lane.Breaker, lane.Reason, lane.Waiting, lane.PausedUntilMs));
            Assert.Contains("1 lane pauses because people paused it: big.example.", (await distributor.Get<DistributorStatus>().Report(CancellationToken.None)).Problems);
        }

        await using var again = await Start();
        await again.Until(8, now => now is { Accepted: 10, Deferred: 10 });
        _clock.Advance(TimeSpan.FromHours(1));
        await again.Until(8, now => now is { Accepted: 10, Deferred: 10 });
        await Lanes(again).Release(new ReleaseLaneRequest { Name = "big.example" }, new TestCall());
        Assert.Equal(20ul, (await again.Finish(8)).Accepted);
        Assert.Equal(22, _receiver.Count);
        Assert.Empty(await again.Get<LaneStateStore>().Holds(CancellationToken.None));
    }

    [Fact]
    public async Task A_pause_that_a_receiver_asked_for_outlives_a_restart()
    {
        _receiver.AnswerTo = static (recipient, _) => recipient.EndsWith("@big.example", StringComparison.Ordinal) ? "421 4.7.0 Too much from you, try again in 30 minutes" : "250 Ok";
        await using (var distributor = await Start())
        {
            await Submit(distributor, 7, 20);
            await distributor.Until(7, now => now is { Accepted: 10, Deferred: 10 });
            await Until(async () => (await distributor.Get<LaneStateStore>().Pauses(CancellationToken.None)).ContainsKey("big.example"));
        }

        _receiver.AnswerTo = static (_, _) => "250 Ok";
        var named = _receiver.Named.Values.Sum();
        await using var again = await Start();
        var lane = (await List(again)).Single(lane => lane.Name == "big.example");
        Assert.Equal(("open", "421 4.7.0 Too much from you, try again in 30 minutes"), (lane.Breaker, lane.Reason));
        Assert.Equal(_clock.GetUtcNow().AddMinutes(30).ToUnixTimeMilliseconds(), lane.PausedUntilMs);
        await again.Until(7, now => now is { Accepted: 10, Deferred: 10 });
        Assert.Equal(named, _receiver.Named.Values.Sum());

        _clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(20ul, (await again.Finish(7, () => _clock.Advance(TimeSpan.FromSeconds(1)))).Accepted);
    }

    [Fact]
    public async Task Who_waits_for_a_domain_that_was_not_looked_up_yet_is_counted_beside_the_lanes()
    {
        _receiver.AnswerTo = static (recipient, _) => recipient.EndsWith("@big.example", StringComparison.Ordinal) ? "450 4.2.1 Come back in an hour" : "250 Ok";
        await using (var distributor = await Start())
        {
            await Submit(distributor, 7, 20);
            await distributor.Until(7, now => now is { Accepted: 10, Deferred: 10 });
            var lanes = await Lanes(distributor).List(new ListLanesRequest(), new TestCall());
            Assert.Equal((10ul, 0ul), (lanes.Lanes.Single(lane => lane.Name == "big.example").Waiting, lanes.Unplaced));
        }

        _dns.Zone = _dns.Zone.Replace("big.example 300 MX 10 mx.big.example", "big.example SILENT", StringComparison.Ordinal);
        await using var again = await Start();
        var after = await Lanes(again).List(new ListLanesRequest(), new TestCall());
        Assert.Equal((0ul, 10ul), ((ulong)after.Lanes.Sum(lane => (long)lane.Waiting), after.Unplaced));
    }

    [Fact]
    public async Task A_lane_that_pauses_by_itself_tries_at_once_when_people_ask_for_it()
    {
        var isShut = true;
        _receiver.AnswerTo = (_, _) => isShut ? "421 4.7.0 Go away, try again in 30 minutes" : "250 Ok";
        await using var distributor = await Start();
        await Submit(distributor, 7, 2);
        await distributor.Until(7, _ => distributor.Get<Paces>().Paused.Count() == 2);
        isShut = false;
        await Lanes(distributor).Release(new ReleaseLaneRequest { Name = "big.example" }, new TestCall());
        await distributor.Until(7, now => now.Accepted == 1);
        Assert.Equal(["other.example"], distributor.Get<Paces>().Paused.Select(lane => lane.Lane));
        Assert.Equal("421 4.7.0 Go away, try again in 30 minutes", (await List(distributor)).Single(lane => lane.Name == "big.example").LastNo);
    }

    [Fact]
    public async Task An_operator_that_is_not_used_yet_can_be_paused_and_a_name_that_nobody_has_cannot()
    {
        await File.WriteAllTextAsync(_folder.File("lanes.ini"), "big.Hosts=mx.big.example", TestContext.Current.CancellationToken);
        await using var distributor = await Start();
        var refused = await Assert.ThrowsAsync<RpcException>(() => Lanes(distributor).Hold(new HoldLaneRequest { Name = "bigg", By = "ada" }, new TestCall()));
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        await Lanes(distributor).Hold(new HoldLaneRequest { Name = "big", By = "ada" }, new TestCall());
        await Submit(distributor, 7, 20);
        await distributor.Until(7, now => now is { Accepted: 10, Deferred: 10 });
        Assert.DoesNotContain(_receiver.Taken.Keys, recipient => recipient.EndsWith("@big.example", StringComparison.Ordinal));
    }

    private static LanesService Lanes(TestDistributor distributor) => distributor.Get<LanesService>();

    private static async Task<IReadOnlyList<Contracts.Dst.V1.Lane>> List(TestDistributor distributor) => (await Lanes(distributor).List(new ListLanesRequest(), new TestCall())).Lanes;

    private static async Task Submit(TestDistributor distributor, ulong job, int count)
    {
        await distributor.Open(job);
        await distributor.Submit(Make.WireBatch(job, 1, 1, count, id => $"user{id}@{(id % 2 == 0 ? "big" : "other")}.example"));
    }

    private static async Task Until(Func<Task<bool>> reached)
    {
        while (!await reached())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private Task<TestDistributor> Start() => TestDistributor.Start(
        _store.Database, _clock, _receiver.Port, new LaneSettings { Connections = 2 }, folder: _folder.Path,
        routes: new RouteSettings { Mode = DeliveryMode.Mx, Resolver = _dns.Address, RemotePort = _receiver.Port });
}
