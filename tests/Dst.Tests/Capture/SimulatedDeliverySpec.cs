// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Capture;
using Tutti.Dst.Deliveries;
using Tutti.Dst.Lanes;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Testing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Tests.Capture;

/// <summary>A distributor that delivers for real has a delivery that is only simulated: no receiver sees anything of it, whatever goes wrong.</summary>
public abstract class SimulatedDeliverySpec : StoreSpec
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
    private readonly Receiver _receiver = new();
    private readonly TemporaryFolder _folder = new();

    private CaptureMailbox Captured => new(_folder.File("dst/data"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _receiver.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_receiver_sees_nothing_of_it_and_the_capture_mailbox_everything()
    {
        await using var distributor = await Start();
        Assert.True((await Open(distributor, 7, capture: true)).Captures);
        Assert.False((await Open(distributor, 8, capture: false)).Captures);
        await Submit(distributor, 7, 200, capture: true);
        await Submit(distributor, 8, 20, capture: false, address: id => $"real{id}@rcpt.example");

        Assert.Equal(new Progress { Accepted = 200 }, await distributor.Finish(7));
        Assert.Equal(new Progress { Accepted = 20 }, await distributor.Finish(8));
        Assert.Equal(Enumerable.Range(1, 20).Select(id => $"real{id}@rcpt.example").Order(StringComparer.Ordinal), _receiver.Named.Keys.Order(StringComparer.Ordinal));
        var kept = await Captured.List(0, 1000, null, Stop);
        Assert.Equal(Enumerable.Range(1, 200).Select(id => $"user{id}@rcpt.example").Order(StringComparer.Ordinal), kept.Select(mail => mail.To).Order(StringComparer.Ordinal));
        var message = System.Text.Encoding.UTF8.GetString((await Captured.Read(kept.Single(mail => mail.To == "user5@rcpt.example").Id, Stop))!);
        Assert.Contains("Content: value 5\r\n", message, StringComparison.Ordinal);
        Assert.Contains("Link: https://click.sender.example/c/", message, StringComparison.Ordinal);
        Assert.All((await distributor.Events()).Where(one => one.JobId == 7), one => Assert.Equal(("capture", "250 2.0.0 Captured"), (one.Host.Split(' ')[0], one.Reply)));
    }

    [Fact]
    public async Task A_distributor_that_only_delivers_has_no_capture_mailbox()
    {
        await using var distributor = await Start();
        await Open(distributor, 8, capture: false);
        await Submit(distributor, 8, 3, capture: false);
        await distributor.Finish(8);

        Assert.False(File.Exists(_folder.File("dst/data/capture/capture.sqlite")));
        Assert.Equal(3, _receiver.Count);
    }

    [Fact]
    public async Task What_is_led_astray_is_refused_here_and_reaches_nobody()
    {
        await using (var before = await Start())
        {
            await Open(before, 7, capture: true);
            await Open(before, 8, capture: false);
            await before.Direct(7, 1, Course.Hold);
            await before.Direct(8, 1, Course.Hold);
            await Submit(before, 7, 3, capture: true);
            await Submit(before, 8, 3, capture: false);
        }

        // As if somebody had mixed up the queue.
        await Database.Write(transaction => transaction.Connection!.ExecuteAsync(
            """
            UPDATE recipient SET lane = CASE job_id WHEN 7 THEN @real ELSE @captured END;
            UPDATE tally SET lane = CASE job_id WHEN 7 THEN @real ELSE @captured END
            """,
            new { real = $"127.0.0.1:{_receiver.Port}", captured = MailRoutes.CaptureOnly },
            transaction), Stop);
        await using var distributor = await Start();
        await distributor.Direct(7, 2, Course.Run);
        await distributor.Direct(8, 2, Course.Run);

        Assert.Equal(new Progress { Refused = 3 }, await distributor.Finish(7));
        Assert.Equal(new Progress { Refused = 3 }, await distributor.Finish(8));
        Assert.Empty(_receiver.Named);
        Assert.Equal(0, await Captured.Count(Stop));
        var events = await distributor.Events();
        Assert.All(events.Where(one => one.JobId == 7), one => Assert.Contains("only simulated", one.Reply, StringComparison.Ordinal));
        Assert.All(events.Where(one => one.JobId == 8), one => Assert.Contains("not simulated", one.Reply, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_batch_of_the_other_kind_is_not_taken(bool isCaptured)
    {
        await using var distributor = await Start();
        await Open(distributor, 7, isCaptured);

        var refused = await Assert.ThrowsAsync<RpcException>(() => Submit(distributor, 7, 3, !isCaptured));
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);

        // What came first counts, and the answer says so.
        Assert.Equal(isCaptured, (await Open(distributor, 7, !isCaptured)).Captures);
        Assert.Equal(new Progress(), await distributor.Progress(7));
    }

    [Fact]
    public async Task It_cannot_leave_through_LISTSERV()
    {
        await using var distributor = await Start();
        var delivery = Make.WireDelivery(7, _clock.GetUtcNow());
        (delivery.Capture, delivery.Way) = (true, Way.Listserv);

        var refused = await Assert.ThrowsAsync<RpcException>(() => distributor.Get<DeliveriesService>().Open(delivery, new TestCall()));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    [Fact]
    public async Task It_stays_one_when_the_mode_of_the_distributor_changes()
    {
        await using (var before = await Start(new RouteSettings { Mode = DeliveryMode.Capture }))
        {
            await Open(before, 7, capture: true);
            await Open(before, 8, capture: false);
            await before.Direct(7, 1, Course.Hold);
            await before.Direct(8, 1, Course.Hold);
            await Submit(before, 7, 5, capture: true);
            await Submit(before, 8, 5, capture: false, address: id => $"real{id}@rcpt.example");
        }

        await using var distributor = await Start();
        await distributor.Direct(7, 2, Course.Run);
        await distributor.Direct(8, 2, Course.Run);
        Assert.Equal(new Progress { Accepted = 5 }, await distributor.Finish(7));
        Assert.Equal(new Progress { Accepted = 5 }, await distributor.Finish(8));
        Assert.All(_receiver.Named.Keys, name => Assert.StartsWith("real", name, StringComparison.Ordinal));
        Assert.Equal((5, 5), (_receiver.Count, await Captured.Count(Stop)));
    }

    private Task<TestDistributor> Start(RouteSettings? routes = null) => TestDistributor.Start(
        Database,
        _clock,
        _receiver.Port,
        new LaneSettings { Connections = 4 },
        routes: routes,
        instead: services => services
            .AddSingleton(new ComponentFolder("dst", _folder.File("dst")))
            .AddSingleton(new CaptureSettings())
            .AddSingleton(_ => new CaptureStore(_folder.File("dst/data"), _clock))
            .AddSingleton<CaptureDelivery>()
            .AddHostedService<CaptureWorker>());

    private Task<OpenReply> Open(TestDistributor distributor, ulong job, bool capture)
    {
        var delivery = Make.WireDelivery(job, _clock.GetUtcNow());
        delivery.Capture = capture;
        return distributor.Get<DeliveriesService>().Open(delivery, new TestCall());
    }

    private static Task<SubmitReply> Submit(TestDistributor distributor, ulong job, int count, bool capture, Func<ulong, string>? address = null)
    {
        var batch = Make.WireBatch(job, 1, 1, count, address);
        batch.Capture = capture;
        return distributor.Submit(batch);
    }
}

public sealed class SimulatedDeliveryOnSqlite : SimulatedDeliverySpec
{
    private protected override Task<Store> MakeStore() => Task.FromResult(Store.OnSqlite());
}

public sealed class SimulatedDeliveryOnPostgres(PostgresServer server) : SimulatedDeliverySpec
{
    private protected override Task<Store> MakeStore() => Store.OnPostgres(server);
}
