// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Lui.Components;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Reports;
using Tutti.Lui.Tests.World;
using Tutti.Lui.Tracking;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Delivery;

/// <summary>LUI with several trackers and several distributors.</summary>
public abstract class SeveralServersSpec : WorldSpec
{
    [Fact]
    public async Task A_jobs_links_are_published_to_every_tracker_of_its_host_name_and_to_no_other()
    {
        await using var twin = await ScriptedTracker.Start();
        await using var other = await ScriptedTracker.Start();
        World.Hub.List("trk", twin.Port, "https://CLICK.example:8443");
        World.Hub.List("trk", other.Port, "http://click.other.example");
        await World.Lui.Refresh();
        var first = await World.Lui.Authorized(5);

        await World.Settle();

        Assert.Equal(5, (await Receipt(first)).Accepted);
        Assert.Contains((ulong)first.Id, World.Tracker.Published);
        Assert.Contains((ulong)first.Id, twin.Published);
        Assert.Empty(other.Published);
    }

    [Fact]
    public async Task A_job_can_name_the_tracker_by_its_host_name()
    {
        await using var other = await ScriptedTracker.Start();
        World.Hub.List("trk", other.Port, "http://click.other.example/");
        await World.Lui.Refresh();
        var job = await World.Lui.Prepare(5);
        var unknown = await World.Lui.Get<ChooseTracking>().Handle(new ChooseTracking.Command(job.Id, Ada, JobTracking.Personal, "click.nowhere.example"), Token);
        _ = (await World.Lui.Get<ChooseTracking>().Handle(new ChooseTracking.Command(job.Id, Ada, JobTracking.Personal, " Click.Other.example "), Token)).Value;

        await Leave(job);

        Assert.Equal("tracking.no-host", unknown.Refusal.Code);
        Assert.Contains("click.example, click.other.example", unknown.Refusal.Message, StringComparison.Ordinal);
        Assert.Equal("http://click.other.example", World.Distributor.Opened[(ulong)job.Id].TrackingUrl);
        Assert.Contains((ulong)job.Id, other.Published);
        Assert.Empty(World.Tracker.Published);
    }

    [Fact]
    public async Task A_job_that_runs_goes_on_without_its_tracker_and_a_job_without_tracking_leaves_without_it()
    {
        var running = await World.Lui.Authorized(2500);
        World.Distributor.Submitting.Plan(Trick.FailBefore);
        await World.Lui.Deliver();
        World.Tracker.Away = true;
        var untracked = await World.Lui.Authorized(5, JobTracking.Off);
        var tracked = await World.Lui.Authorized(5);

        await World.Settle();

        Assert.Equal(2500, (await Receipt(running)).Accepted);
        Assert.Equal(5, (await Receipt(untracked)).Accepted);
        Assert.Equal(5, (await Receipt(tracked)).Waiting);
        Assert.Contains("trk on localhost", await Wait(tracked), StringComparison.Ordinal);

        World.Tracker.Away = false;
        await World.Settle();

        Assert.Equal(5, (await Receipt(tracked)).Accepted);
        Assert.Contains((ulong)untracked.Id, World.Tracker.Published);
    }

    [Fact]
    [Trait("Row", "C-1.0.4")]
    public async Task A_distributor_that_dies_keeps_its_share_until_it_is_back_and_the_job_says_so()
    {
        await using var second = await ScriptedDistributor.Start();
        World.Hub.List("dst", second.Port);
        await World.Lui.Refresh();
        World.Distributor.Judge = _ => null;
        var job = await World.Lui.Authorized(4500);
        await World.Lui.Deliver();
        World.Distributor.Away = true;
        var distributor = (await World.Lui.Get<ComponentStore>().List(Component.Distributors, Token)).Single(one => one.InternalPort == World.Distributor.Port);
        await World.Lui.Get<ComponentStore>().SaveProblem(distributor.Id, "cannot be reached", Token);

        await World.Settle();

        var share = World.Distributor.Taken.Count;
        Assert.InRange(share, 2000, 2500);
        Assert.Equal((4500 - share, share), ((await Receipt(job)).Accepted, (await Receipt(job)).Waiting));
        Assert.Contains($"dst on localhost:{World.Distributor.Port} cannot be reached. {share.ToString("N0", CultureInfo.InvariantCulture)} recipients of this job that it got to deliver wait until it is back", await Wait(job), StringComparison.Ordinal);

        World.Distributor.Away = false;
        await World.Lui.Get<ComponentStore>().SaveProblem(distributor.Id, problem: null, Token);
        World.Distributor.Decide((_, _) => Contracts.Dst.V1.Fate.Accepted);
        await World.Settle();

        Assert.Equal(4500, (await Receipt(job)).Accepted);
        Assert.Null(await Wait(job));
        Assert.Empty(World.Distributor.Taken.Select(taken => taken.Recipient.Id).Intersect(second.Taken.Select(taken => taken.Recipient.Id)));
    }

    [Fact]
    public async Task Small_jobs_do_not_all_go_to_one_distributor()
    {
        await using var second = await ScriptedDistributor.Start();
        World.Hub.List("dst", second.Port);
        await World.Lui.Refresh();
        for (var i = 0; i < 4; i++)
        {
            await World.Lui.Authorized(3);
        }

        await World.Settle();

        Assert.Equal(12, World.Distributor.Taken.Count + second.Taken.Count);
        Assert.NotEmpty(World.Distributor.Taken);
        Assert.NotEmpty(second.Taken);
    }

    [Fact]
    [Trait("Row", "C-1.0.6")]
    public async Task A_tracker_that_was_away_is_told_when_it_has_all_links_and_its_gap_stands_in_the_report()
    {
        var before = await World.Lui.Authorized(3);
        await World.Settle();
        World.Tracker.Away = true;
        var meanwhile = await World.Lui.Authorized(3, JobTracking.Off);
        await World.Settle();
        var (from, to) = (World.Clock.GetUtcNow(), World.Clock.GetUtcNow() + TimeSpan.FromSeconds(30));
        World.Tracker.Outages.Add(new Contracts.Trk.V1.Outage { FromMs = 1, ToMs = 2 });
        World.Tracker.Outages.Add(new Contracts.Trk.V1.Outage { FromMs = from.ToUnixTimeMilliseconds(), ToMs = to.ToUnixTimeMilliseconds() });
        World.Tracker.CatchingUp = true;
        World.Tracker.Away = false;

        await World.Settle();

        Assert.False(World.Tracker.CatchingUp);
        Assert.Equal([(ulong)before.Id, (ulong)meanwhile.Id], World.Tracker.KnownWhenUpToDate.Order());
        var report = (await World.Lui.Get<ReadReport>().Handle(before.Id, Token)).Value;
        Assert.Equal([new TrackerOutage(from, to)], Assert.Single(report.Trackers).Outages);
    }

    private async Task<string?> Wait(Job job) => (await World.Lui.Get<WaitStore>().Find(job.Id, Token))?.Reason;

    private async Task Leave(Job job)
    {
        _ = (await World.Lui.Get<WaiveTest>().Handle(new(job.Id, Ada), Token)).Value;
        await World.Lui.PassPreflight(job);
        _ = (await World.Lui.Get<AuthorizeJob>().Handle(new(job.Id, Ada), Token)).Value;
        await World.Settle();
    }
}

public sealed class SeveralServersOnSqlite : SeveralServersSpec
{
    private readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class SeveralServersOnPostgres(PostgresServer postgres) : SeveralServersSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(postgres);
}
