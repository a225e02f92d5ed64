// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Schedules;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Delivery.Releases;

/// <summary>Jobs whose recipients are spread over time, up to what a distributor gets and when.</summary>
public abstract class StaggeringSpec : WorldSpec
{
    private static readonly TimeSpan _half = TimeSpan.FromMinutes(30);

    [Fact]
    public async Task Parts_go_one_after_the_other_and_the_job_is_done_after_the_last()
    {
        var job = await Staggered(2600, new PaceChoice(null, 4, 30));
        List<int> taken = [];
        for (var part = 0; part < 4; part++)
        {
            await World.Settle();
            taken.Add(World.Distributor.Taken.Count);
            Assert.Equal(part == 3 ? JobState.Completed : JobState.Processing, (await World.Lui.Job(job.Id)).State);
            World.Clock.Advance(_half);
        }

        Assert.Equal([650, 1300, 1950, 2600], taken);
        Assert.Equal(2600, (await Receipt(job)).Accepted);
        AssertNobodyTwice(2600);
    }

    [Fact]
    public async Task A_rate_lets_no_more_go_in_an_hour_than_it_says()
    {
        await Staggered(1000, new PaceChoice(PerHour: 600));
        await World.Settle();
        Assert.Equal(10, World.Distributor.Taken.Count);

        for (var minute = 1; minute < 60; minute++)
        {
            World.Clock.Advance(TimeSpan.FromSeconds(60));
            await World.Lui.Deliver();
        }

        Assert.Equal(600, World.Distributor.Taken.Count);
    }

    [Fact]
    public async Task While_nothing_ran_parts_do_not_pile_up()
    {
        await Staggered(400, new PaceChoice(null, 4, 30));
        await World.Settle();

        // Three parts would have been due.
        World.Clock.Advance(TimeSpan.FromHours(2));
        await World.Restart();
        await World.Settle();
        Assert.Equal(200, World.Distributor.Taken.Count);

        World.Clock.Advance(_half - TimeSpan.FromMinutes(1));
        await World.Lui.Deliver();
        Assert.Equal(200, World.Distributor.Taken.Count);

        World.Clock.Advance(TimeSpan.FromMinutes(1));
        await World.Settle();
        Assert.Equal(300, World.Distributor.Taken.Count);
    }

    [Fact]
    public async Task Stopped_between_two_parts_the_next_one_waits_for_a_retry_and_for_its_time()
    {
        var job = await Staggered(400, new PaceChoice(null, 4, 30));
        await World.Settle();
        _ = (await World.Lui.Get<StopJob>().Handle(new StopJob.Command(job.Id, Ada), Token)).Value;
        World.Clock.Advance(TimeSpan.FromHours(3));
        await World.Settle();
        Assert.Equal(100, World.Distributor.Taken.Count);

        _ = (await World.Lui.Get<RetryJob>().Handle(new RetryJob.Command(job.Id, Ada), Token)).Value;
        await World.Settle();
        Assert.Equal(200, World.Distributor.Taken.Count);

        // Stopped and gone on with at once: the beat stays.
        _ = (await World.Lui.Get<StopJob>().Handle(new StopJob.Command(job.Id, Ada), Token)).Value;
        await World.Lui.Deliver();
        _ = (await World.Lui.Get<RetryJob>().Handle(new RetryJob.Command(job.Id, Ada), Token)).Value;
        await World.Settle();
        Assert.Equal(200, World.Distributor.Taken.Count);
        World.Clock.Advance(_half);
        await World.Settle();
        Assert.Equal(300, World.Distributor.Taken.Count);
    }

    [Fact]
    public async Task A_job_closed_between_two_parts_withdraws_the_rest()
    {
        var job = await Staggered(400, new PaceChoice(null, 4, 30));
        await World.Settle();
        _ = (await World.Lui.Get<StopJob>().Handle(new StopJob.Command(job.Id, Ada), Token)).Value;
        _ = (await World.Lui.Get<CloseJob>().Handle(new CloseJob.Command(job.Id, Ada), Token)).Value;
        await World.Settle();

        Assert.Equal((100L, 300L, 0L), ((await Receipt(job)).Accepted, (await Receipt(job)).Withdrawn, (await Receipt(job)).Waiting));
        Assert.Equal(100, World.Distributor.Taken.Count);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Killed_at_any_call_every_part_comes_once_and_none_before_its_time(int seed)
    {
        var chance = new Random(seed);
        var begun = World.Clock.GetUtcNow();
        var job = await Staggered(5000, new PaceChoice(null, 5, 10));
        for (var step = 0; step < 60; step++)
        {
            await World.KilledInTheMiddle(chance.Next(1, 4));
            await World.Lui.Read();
            World.Clock.Advance(TimeSpan.FromSeconds(chance.Next(1, 90)));
            var parts = 1 + (int)((World.Clock.GetUtcNow() - begun) / TimeSpan.FromMinutes(10));
            Assert.InRange(World.Distributor.Taken.Count, 0, Math.Min(5000, parts * 1000));
        }

        World.Clock.Advance(TimeSpan.FromMinutes(10));
        for (var part = 0; part < 5; part++)
        {
            await World.Settle();
            World.Clock.Advance(TimeSpan.FromMinutes(10));
        }

        await World.Settle();
        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
        Assert.Equal(5000, (await Receipt(job)).Accepted);
        AssertNobodyTwice(5000);
    }

    [Fact]
    public async Task Another_pace_than_the_approved_one_stops_the_delivery()
    {
        var job = await Staggered(400, new PaceChoice(null, 4, 30));
        await Execute("UPDATE job SET schedule_more = REPLACE(schedule_more, 'parts 4', 'parts 2') WHERE id = @Id", job);
        await World.Settle();

        Assert.Equal((JobState.Failed, "seal.differs"), ((await World.Lui.Job(job.Id)).State, (await World.Lui.Job(job.Id)).Failure?.Code));
        Assert.Empty(World.Distributor.Taken);
    }

    [Fact]
    public async Task Another_pace_of_a_delivery_under_way_stops_it()
    {
        var job = await Staggered(400, new PaceChoice(null, 4, 30));
        await World.Settle();
        await Execute("UPDATE delivery SET pace = 'parts 2 1' WHERE id = @Id", job);
        World.Clock.Advance(_half);
        await World.Settle();

        Assert.Equal(JobState.Failed, (await World.Lui.Job(job.Id)).State);
        Assert.Equal(100, World.Distributor.Taken.Count);
    }

    private async Task<Job> Staggered(int recipients, PaceChoice pace)
    {
        var job = await World.Lui.Prepare(recipients);
        var scheduled = (await World.Lui.Get<ScheduleJob>().Handle(new ScheduleJob.Command(job.Id, null, "UTC", Ada) { Pace = pace }, Token)).Value;
        Assert.Equal(scheduled.Schedule, (await World.Lui.Job(job.Id)).Schedule);
        await World.Lui.PassPreflight(scheduled);
        return (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Value;
    }

    private void AssertNobodyTwice(int recipients) =>
        Assert.Equal((recipients, recipients), (World.Distributor.Taken.Count, World.Distributor.Taken.Select(taken => taken.Recipient.Id).Distinct().Count()));

    private Task<int> Execute(string sql, Job job) => World.Database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, new { job.Id }, transaction, cancellationToken: Token)), Token);
}

public sealed class StaggeringOnSqlite : StaggeringSpec
{
    private readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class StaggeringOnPostgres(PostgresServer server) : StaggeringSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
