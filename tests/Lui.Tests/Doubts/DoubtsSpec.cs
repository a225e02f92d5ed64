// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Delivery;
using Tutti.Lui.Doubts;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Reports;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;
using Trk = Tutti.Contracts.Trk.V1;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Tests.Doubts;

/// <summary>What people can do about messages whose answer was lost, and what happens to them by itself.</summary>
public abstract class DoubtsSpec : WorldSpec
{
    [Fact]
    public async Task Who_is_in_doubt_is_listed_with_address_host_and_time()
    {
        var job = await InDoubt(5, doubts: 2);

        var rows = await World.Lui.Get<DoubtStore>().List(await Delivery(job), 0, 10, Token);

        Assert.Equal([("r1@rcpt.example", "mx.example", "scripted", false), ("r2@rcpt.example", "mx.example", "scripted", false)], rows.Select(row => (row.Address, row.Host, row.Reply, row.IsClosed)));
        Assert.All(rows, row => Assert.Equal(TimeProvider.System.GetUtcNow(), row.At, TimeSpan.FromMinutes(10)));
        Assert.Equal(["r2@rcpt.example"], (await World.Lui.Get<DoubtStore>().List(await Delivery(job), 1, 10, Token)).Select(row => row.Address));
        Assert.Equal(new DoubtCounts(2, 0), await World.Lui.Get<DoubtStore>().Count(job.Id, Token));
    }

    [Fact]
    public async Task A_repeated_message_goes_to_the_same_recipient_once_more_and_the_journal_says_who_wanted_it()
    {
        var job = await InDoubt(5, doubts: 2);
        World.Distributor.Judge = _ => null;

        Assert.Equal(1, (await Repeat(job, 2)).Value);

        Assert.Equal(JobState.Processing, (await World.Lui.Job(job.Id)).State);
        Assert.Equal(new Receipt(5, 3, 0, 0, 0, 0, InDoubt: 1, Waiting: 1), await Receipt(job));
        await World.Settle();
        var batch = World.Distributor.Came[^1];
        var again = Assert.Single(batch.Recipients);
        Assert.True(batch.Repeats);
        Assert.Equal(World.Distributor.Came[0].Recipients.Single(one => one.Id == 2), again);
        World.Distributor.Decide((_, recipient) => recipient.Id == 2 ? Wire.Fate.Refused : null);
        await World.Settle();

        Assert.Equal(new Receipt(5, 3, Refused: 1, 0, 0, 0, InDoubt: 1, 0), await Receipt(job));
        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
        var line = (await World.Lui.Get<JobStore>().Journal(job.Id, Token)).Single(one => one.Kind == "doubts-repeated");
        Assert.Equal(("Ada", "Decided to send the message again to 1 recipient in doubt."), (line.Who.Name, line.Words));
    }

    [Fact]
    public async Task A_decision_outlives_every_kill_and_lost_answer_and_is_carried_out_once()
    {
        var job = await InDoubt(250, doubts: 230);
        World.Distributor.Judge = _ => Wire.Fate.Accepted;
        World.Distributor.Submitting.Plan(Trick.FailBefore, Trick.LoseAnswer, Trick.FailBefore, Trick.LoseAnswer);

        Assert.Equal(230, (await World.Lui.Get<DecideDoubts>().Repeat(new DecideDoubts.Command(job.Id, null, Ada), Token)).Value);
        await World.Restart();
        await World.Lui.Deliver();
        await World.Restart();
        await World.Settle();

        Assert.Equal(new Receipt(250, 250, 0, 0, 0, 0, 0, 0), await Receipt(job));
        Assert.Equal([100, 100, 30], World.Distributor.Came.Where(batch => batch.Repeats).DistinctBy(batch => batch.Number).OrderBy(batch => batch.Number).Select(batch => batch.Recipients.Count));
        Assert.All(World.Distributor.Came.GroupBy(batch => batch.Number), group => Assert.Single(group.Distinct()));
        Assert.Equal(230, World.Distributor.Taken.Skip(250).DistinctBy(taken => taken.Recipient.Id).Count());
        Assert.Equal(480, World.Distributor.Taken.Count);
        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
    }

    [Fact]
    public async Task Who_falls_into_doubt_again_can_be_repeated_again()
    {
        var job = await InDoubt(3, doubts: 1);
        World.Distributor.Judge = _ => Wire.Fate.InDoubt;
        await Repeat(job, 1);
        await World.Settle();
        Assert.Equal(new Receipt(3, 2, 0, 0, 0, 0, 1, 0), await Receipt(job));

        World.Distributor.Judge = _ => Wire.Fate.Accepted;
        Assert.Equal(1, (await Repeat(job, 1)).Value);
        await World.Settle();

        Assert.Equal(new Receipt(3, 3, 0, 0, 0, 0, 0, 0), await Receipt(job));
    }

    [Fact]
    public async Task A_closed_doubt_is_final_whatever_comes_later()
    {
        var job = await InDoubt(4, doubts: 2);

        Assert.Equal(1, (await Close(job, 1)).Value);
        World.Distributor.Return(job.Id, 1, Wire.CameBack.Bounced, Wire.BounceClass.Policy, "550 5.7.1 No");
        World.Distributor.Settle((ulong)job.Id, 1, Wire.Fate.Accepted);
        World.Tracker.Add(Trk.EventKind.Click, job.Id, World.Distributor.Taken.First(taken => taken.Recipient.Id == 1).Recipient.Token);
        await World.Settle();

        Assert.Equal(new Receipt(4, 2, 0, 0, 0, 0, 2, 0), await Receipt(job));
        Assert.Equal("doubts.none", (await Repeat(job, 1)).Refusal.Code);
        Assert.Equal("doubts.none", (await Close(job, 1)).Refusal.Code);
        Assert.Equal(new DoubtCounts(1, 1), await World.Lui.Get<DoubtStore>().Count(job.Id, Token));
        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
        Assert.Contains(await World.Lui.Get<JobStore>().Journal(job.Id, Token), line => line.Kind == "doubts-closed" && line.Who == Ada);
    }

    [Fact]
    public async Task A_bounce_an_open_and_a_click_settle_a_doubt_by_themselves()
    {
        var job = await InDoubt(4, doubts: 3);
        World.Distributor.Return(job.Id, 1, Wire.CameBack.Bounced, Wire.BounceClass.Hard, "550 5.1.1 Nobody");
        World.Tracker.Add(Trk.EventKind.Open, job.Id, World.Distributor.Taken.First(taken => taken.Recipient.Id == 2).Recipient.Token);
        World.Tracker.Add(Trk.EventKind.Click, job.Id, World.Distributor.Taken.First(taken => taken.Recipient.Id == 3).Recipient.Token);
        await World.Settle();

        // The one that came back was taken first: accepted, and not delivered after all.
        Assert.Equal(new Receipt(4, 4, 0, 0, 0, 0, 0, 0), await Receipt(job));
        Assert.Equal(1, (await World.Lui.Get<ReadReport>().Handle(job.Id, Token)).Value.CameBack.Bounced);
        Assert.Equal("doubts.none", (await Repeat(job, 1)).Refusal.Code);
        Assert.Empty(await World.Lui.Get<DoubtStore>().List(await Delivery(job), 0, 10, Token));
    }

    [Fact]
    public async Task A_job_that_people_closed_can_repeat_too_once_nobody_waits_in_it()
    {
        World.Distributor.Judge = recipient => recipient.Id == 1 ? Wire.Fate.InDoubt : null;
        var job = await World.Lui.Authorized(3);
        await World.Settle();
        await World.Lui.Get<StopJob>().Handle(new StopJob.Command(job.Id, Ada), Token);
        await World.Settle();
        await World.Lui.Get<CloseJob>().Handle(new CloseJob.Command(job.Id, Ada), Token);

        Assert.Equal("doubts.closing", (await Repeat(job, 1)).Refusal.Code);
        await World.Settle();
        Assert.Equal(new Receipt(3, 0, 0, 0, 0, Withdrawn: 2, InDoubt: 1, 0), await Receipt(job));
        World.Distributor.Judge = _ => Wire.Fate.Accepted;
        Assert.Equal(1, (await Repeat(job, 1)).Value);
        await World.Settle();

        Assert.Equal(new Receipt(3, Accepted: 1, 0, 0, 0, Withdrawn: 2, 0, 0), await Receipt(job));
        Assert.Equal(Wire.Course.Run, World.Distributor.Directions[^1].Course);
    }

    [Fact]
    public async Task Two_who_decide_at_once_repeat_once()
    {
        var job = await InDoubt(20, doubts: 20);
        World.Distributor.Judge = _ => Wire.Fate.Accepted;

        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => World.Lui.Get<DecideDoubts>().Repeat(new DecideDoubts.Command(job.Id, null, Ada), Token))));
        await World.Settle();

        Assert.Single(both, one => !one.IsRefused && one.Value == 20);
        Assert.Single(both, one => one.IsRefused);
        Assert.Equal(new Receipt(20, 20, 0, 0, 0, 0, 0, 0), await Receipt(job));
        Assert.Equal(40, World.Distributor.Taken.Count);
    }

    private async Task<Job> InDoubt(int recipients, int doubts)
    {
        World.Distributor.Judge = recipient => recipient.Id <= (ulong)doubts ? Wire.Fate.InDoubt : Wire.Fate.Accepted;
        var job = await World.Lui.Authorized(recipients);
        await World.Settle();
        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
        return job;
    }

    private async Task<Tutti.Lui.Delivery.Delivery> Delivery(Job job) => (await World.Lui.Get<DeliveryStore>().Find(job.Id, Token))!;

    private Task<Outcome<int>> Repeat(Job job, params IReadOnlyList<long> ids) => World.Lui.Get<DecideDoubts>().Repeat(new DecideDoubts.Command(job.Id, ids, Ada), Token);

    private Task<Outcome<int>> Close(Job job, params IReadOnlyList<long> ids) => World.Lui.Get<DecideDoubts>().Close(new DecideDoubts.Command(job.Id, ids, Ada), Token);
}

public sealed class DoubtsOnSqlite : DoubtsSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class DoubtsOnPostgres(PostgresServer server) : DoubtsSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
