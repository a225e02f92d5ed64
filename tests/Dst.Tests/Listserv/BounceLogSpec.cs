// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Deliveries;
using Tutti.Dst.Listserv;
using Tutti.Dst.Returns.Rules;
using Tutti.Testing;
using Tutti.Testing.Listserv;

namespace Tutti.Dst.Tests.Listserv;

/// <summary>Bounces that LISTSERV writes into a change log come home as returns.</summary>
public abstract class BounceLogSpec : StoreSpec
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
    private readonly Receiver _host = new();
    private readonly ListservDouble _listserv = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _host.DisposeAsync();
        await _listserv.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_line_about_a_recipient_comes_back_once_whatever_is_read_again()
    {
        await using var distributor = await Delivered(recipients: 4);
        _listserv.ChangeLogs["TUTTI-B"] =
            """
            20261124101500 BOUNCE user1@rcpt.example 550 5.1.1 No such user
            20261124101500 BOUNCE user2@rcpt.example
            20261124101501 SOFTBOUNCE USER3@rcpt.example 5.1.1 but soft all the same
            20261124101502 AUTODEL user4@rcpt.example
            20261124101502 BOUNCE stranger@rcpt.example 5.1.1
            20261123101502 BOUNCE user1@rcpt.example 5.1.1 long before
            20261124101503 SIGNOFF user1@rcpt.example
            """.ReplaceLineEndings("\r\n");
        var worker = Worker(distributor);
        Assert.Equal(4, await worker.ReadAll(Stop));
        Assert.Equal(0, await worker.ReadAll(Stop));
        Assert.Equal(0, await Worker(distributor).ReadAll(Stop));
        var returns = (await distributor.Events()).Where(one => one.CameBack != Contracts.Dst.V1.CameBack.Unspecified).OrderBy(one => one.RecipientId).ToList();
        Assert.Equal(
            [(1ul, Contracts.Dst.V1.BounceClass.Hard), (2ul, Contracts.Dst.V1.BounceClass.Soft), (3ul, Contracts.Dst.V1.BounceClass.Soft), (4ul, Contracts.Dst.V1.BounceClass.Hard)],
            returns.Select(one => (one.RecipientId, one.BounceClass)));
        Assert.All(returns, one => Assert.Equal((7ul, "lists.example.com"), (one.JobId, one.Host)));
        Assert.Equal("BOUNCE 550 5.1.1 No such user", returns[0].Reply);

        _listserv.ChangeLogs["TUTTI-B"] += "\r\n20261124120000 BOUNCE user2@rcpt.example 5.7.1 not wanted\r\n";
        Assert.Equal(1, await worker.ReadAll(Stop));
        Assert.Empty(_listserv.Faults);
    }

    [Fact]
    public async Task A_bounce_belongs_to_the_job_that_an_address_was_handed_over_for_last()
    {
        await using var distributor = await Delivered(recipients: 1);
        _clock.Advance(TimeSpan.FromDays(3));
        await Deliver(distributor, job: 8, recipients: 1);
        _listserv.ChangeLogs["TUTTI-B"] = "20261127101500 BOUNCE user1@rcpt.example 5.1.1\r\n20261124101500 BOUNCE user1@rcpt.example 5.1.1\r\n";
        Assert.Equal(1, await Worker(distributor).ReadAll(Stop));
        Assert.Equal(8ul, (await distributor.Events()).Single(one => one.CameBack != Contracts.Dst.V1.CameBack.Unspecified).JobId);
    }

    [Fact]
    public async Task What_is_old_is_forgotten_a_few_at_a_time()
    {
        await using var distributor = await Delivered(recipients: 5);
        var later = _clock.GetUtcNow().AddDays(31).ToUnixTimeMilliseconds();
        Assert.True(await distributor.Journal.Write(session => ListservBounceStore.DropOld(session, later, limit: 3)));
        Assert.True(await distributor.Journal.Write(session => ListservBounceStore.DropOld(session, later, limit: 3)));
        Assert.False(await distributor.Journal.Write(session => ListservBounceStore.DropOld(session, later, limit: 3)));
    }

    [Fact]
    public async Task A_LISTSERV_that_does_not_answer_changes_nothing()
    {
        await using var distributor = await Delivered(recipients: 1);
        _listserv.Greeting = null;
        Assert.Equal(0, await Worker(distributor).ReadAll(Stop));
    }

    private ReadBounceLogWorker Worker(TestDistributor distributor) => new(
        Settings(), TcpguiClientTests.Desk(_listserv), BounceRulesFile.Shipped, distributor.Journal, _clock, NullLogger<ReadBounceLogWorker>.Instance);

    private ListservSettings Settings() => TcpguiClientTests.Settings(_listserv.Port) with { ListservMailHost = $"127.0.0.1:{_host.Port}", ListservBounceList = "TUTTI-B" };

    private async Task<TestDistributor> Delivered(int recipients)
    {
        var distributor = await TestDistributor.Start(Database, _clock, _host.Port, listserv: Settings());
        await Deliver(distributor, job: 7, recipients);
        return distributor;
    }

    private async Task Deliver(TestDistributor distributor, ulong job, int recipients)
    {
        var delivery = Make.WireDelivery(job, _clock.GetUtcNow());
        delivery.Way = Way.Listserv;
        await distributor.Get<DeliveriesService>().Open(delivery, new TestCall());
        await distributor.Submit(Make.WireBatch(job, 1, 1, recipients));
        await distributor.Finish(job);
    }
}

public sealed class BounceLogOnSqlite : BounceLogSpec
{
    private protected override Task<Store> MakeStore() => Task.FromResult(Store.OnSqlite());
}

public sealed class BounceLogOnPostgres(PostgresServer server) : BounceLogSpec
{
    private protected override Task<Store> MakeStore() => Store.OnPostgres(server);
}
