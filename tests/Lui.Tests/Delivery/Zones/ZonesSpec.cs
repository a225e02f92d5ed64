// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Schedules;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Preflight;
using Tutti.Lui.Suppression;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Tests.Delivery.Zones;

/// <summary>Jobs that reach each recipient at the same time on his or her own clock. The world's clock begins at 2026-11-24 09:00 UTC.</summary>
public abstract class ZonesSpec : WorldSpec
{
    private const string Wall = "2026-11-25T09:00";
    private static readonly string[] _values = ["Asia/Tokyo", "Europe/Berlin", "Eastern Standard Time", "Bonn", ""];
    private static readonly DateTimeOffset _day = new(2026, 11, 25, 0, 0, 0, TimeSpan.Zero);

    // When the first, second … of every five are due: the last two by the clock of London.
    private static readonly DateTimeOffset[] _due = [_day, _day.AddHours(8), _day.AddHours(14), _day.AddHours(9), _day.AddHours(9)];

    [Fact]
    public async Task Each_gets_it_when_the_time_has_come_where_he_or_she_lives()
    {
        var job = await Authorised(25);
        Assert.Equal(_day, job.DueAt);
        List<(double Hour, int Taken)> seen = [];
        foreach (var hour in new[] { -0.1, 0, 7.9, 8, 9, 13.9, 14 })
        {
            await At(_day.AddHours(hour));
            seen.Add((hour, World.Distributor.Taken.Count));
            AssertNobodyTooEarly();
        }

        Assert.Equal([(-0.1, 0), (0, 5), (7.9, 5), (8, 10), (9, 20), (13.9, 20), (14, 25)], seen);
        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
        Assert.Equal(25, (await Receipt(job)).Accepted);
        AssertEverybodyOnce(25);
    }

    [Fact]
    public async Task Late_by_less_than_an_hour_it_still_goes_later_people_decide()
    {
        var job = await Authorised(10);
        await At(_day);
        await World.Restart();
        await At(_day.AddHours(8.9));
        Assert.Equal(4, World.Distributor.Taken.Count);

        World.Clock.Advance(_day.AddHours(17) - World.Clock.GetUtcNow());
        await World.Restart();
        await World.Settle();
        Assert.Equal((JobState.Failed, "missed"), ((await World.Lui.Job(job.Id)).State, (await World.Lui.Job(job.Id)).Failure?.Code));
        Assert.Equal(4, World.Distributor.Taken.Count);

        _ = (await World.Lui.Get<RetryJob>().Handle(new RetryJob.Command(job.Id, Ada), Token)).Value;
        await World.Settle();
        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
        AssertEverybodyOnce(10);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public async Task Killed_at_any_call_everybody_gets_it_once_and_nobody_before_the_time(int seed)
    {
        var chance = new Random(seed);
        var job = await Authorised(4000);
        World.Clock.Advance(_day - TimeSpan.FromMinutes(30) - World.Clock.GetUtcNow());
        while (World.Clock.GetUtcNow() < _day.AddHours(15))
        {
            World.Distributor.Submitting.Plan((Trick)chance.Next(3), (Trick)chance.Next(3));
            await World.KilledInTheMiddle(chance.Next(1, 4));
            await World.Lui.Read();
            AssertNobodyTooEarly();
            World.Clock.Advance(TimeSpan.FromMinutes(chance.Next(5, 40)));
        }

        for (var round = 0; round < 3; round++)
        {
            await World.Settle();
        }

        Assert.Equal((JobState.Completed, 4000L), ((await World.Lui.Job(job.Id)).State, (await Receipt(job)).Accepted));
        AssertEverybodyOnce(4000);
        Assert.All(World.Distributor.Came.GroupBy(batch => batch.Number), group => Assert.Single(group.Distinct()));
    }

    [Fact]
    public async Task Whoever_unsubscribes_before_the_own_time_does_not_get_it_and_what_is_closed_is_withdrawn()
    {
        var job = await Authorised(25);
        await At(_day);
        await World.Lui.Get<SuppressAddress>().Handle(new SuppressAddress.Command(["r1@rcpt.example", "r2@rcpt.example", "r3@rcpt.example"], "", Ada), Token);
        await At(_day.AddHours(8));
        _ = (await World.Lui.Get<StopJob>().Handle(new StopJob.Command(job.Id, Ada), Token)).Value;
        _ = (await World.Lui.Get<CloseJob>().Handle(new CloseJob.Command(job.Id, Ada), Token)).Value;
        await World.Settle();

        // Number 1 has it already, number 2 was next, number 3 never came.
        var receipt = await Receipt(job);
        Assert.Equal((25L, 9L, 1L, 15L, 0L), (receipt.Planned, receipt.Accepted, receipt.Suppressed, receipt.Withdrawn, receipt.Waiting));
        Assert.True(receipt.AddsUp);
    }

    [Fact]
    public async Task A_distributor_that_is_silent_has_its_share_counted_by_places()
    {
        World.Distributor.Judge = recipient => recipient.Id % 2 == 0 ? Wire.Fate.Accepted : null;
        var job = await Authorised(25);
        await At(_day);
        await At(_day.AddHours(8));
        var component = Assert.Single(await World.Lui.Get<Tutti.Lui.Delivery.Batches.BatchStore>().Addressees(job.Id, Token));

        var unsettled = await World.Lui.Get<Tutti.Lui.Delivery.Batches.BatchStore>().Unsettled(job.Id, component, Token);

        Assert.Equal(World.Distributor.Taken.Count(taken => taken.Recipient.Id % 2 == 1), unsettled);
    }

    [Fact]
    public async Task A_time_that_has_passed_for_some_is_refused_and_so_is_a_column_that_is_not_there()
    {
        var passed = await Prepared(10, "2026-11-24T12:00");
        Assert.Equal("schedule.past-in-zones", (await Authorise(passed)).Refusal.Code);
        Assert.Contains("Asia/Tokyo", (await Authorise(passed)).Refusal.Message, StringComparison.Ordinal);

        var elsewhere = await Prepared(10, Wall, "county");
        Assert.Equal("preflight.blocked", (await Authorise(elsewhere)).Refusal.Code);
    }

    [Theory]
    [InlineData("at", "2026-11-25T09:00+01:00", false, null, "schedule.time")]
    [InlineData("past", "2026-11-24T08:00", false, null, "schedule.past")]
    [InlineData("trigger", Wall, true, null, "schedule.only-zones")]
    [InlineData("rate", Wall, false, 100L, "schedule.only-zones")]
    public async Task What_does_not_go_together_is_refused(string case_, string at, bool onTrigger, long? perHour, string code)
    {
        var job = await World.Lui.Prepare(1);
        var command = new ScheduleJob.Command(job.Id, at, "Europe/London", Ada) { ZoneColumn = "city", OnTrigger = onTrigger, Pace = perHour is null ? null : new PaceChoice(perHour) };

        Assert.True((await World.Lui.Get<ScheduleJob>().Handle(command, Token)).Refusal.Code == code, case_);
    }

    [Fact]
    public async Task The_preflight_counts_those_whose_zone_is_not_known()
    {
        var job = await Prepared(25, Wall);
        var report = (await World.Lui.Get<RunPreflight>().Handle(job.Id, Token)).Value;

        var finding = Assert.Single(report.Findings, finding => finding.Rule == "zones");
        Assert.Equal(PreflightLevel.Warning, finding.Level);
        Assert.StartsWith("10 recipients have no time zone that is known in city, such as “Bonn”", finding.Words, StringComparison.Ordinal);
        Assert.Contains("Europe/London", finding.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_clock_than_the_approved_one_stops_the_job()
    {
        var sealedOne = await Authorised(5);
        await Execute("UPDATE job SET schedule_more = REPLACE(schedule_more, 'T09', 'T07'), due_at = 1 + authorized_at WHERE id = @Id", sealedOne);
        await World.Settle();
        Assert.Equal("seal.differs", (await World.Lui.Job(sealedOne.Id)).Failure?.Code);

        var begun = await Authorised(5);
        await At(_day);
        await Execute("UPDATE delivery SET pace = REPLACE(pace, '|5|', '|4|') WHERE id = @Id", begun);
        await At(_day.AddHours(14));
        Assert.Equal((JobState.Failed, 1), ((await World.Lui.Job(begun.Id)).State, World.Distributor.Taken.Count));
    }

    private async Task At(DateTimeOffset moment)
    {
        // Settling takes some seconds of the world's clock of its own; what is due comes at the first look.
        World.Clock.Advance(moment - World.Clock.GetUtcNow());
        await World.Lui.Deliver();
        await World.Lui.Deliver();
        await World.Lui.Read();
        await World.Lui.Deliver();
    }

    private async Task<Job> Authorised(int recipients) => (await Authorise(await Prepared(recipients, Wall))).Value;

    private async Task<Outcome<Job>> Authorise(Job job)
    {
        await World.Lui.PassPreflight(await World.Lui.Job(job.Id));
        return await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token);
    }

    private async Task<Job> Prepared(int recipients, string wall, string column = "city")
    {
        var job = await World.Lui.Prepare(recipients);
        await World.Database.Write(
            transaction => transaction.Connection!.ExecuteAsync(
                "UPDATE recipient SET fields = @fields WHERE recipients_id = @RecipientsId AND id = @id",
                Enumerable.Range(1, recipients).Select(id => new { job.RecipientsId, id = (long)id, fields = $"[\"r{id}@rcpt.example\",\"Nr {id}\",\"{_values[(id - 1) % 5]}\"]" }),
                transaction),
            Token);
        var scheduled = (await World.Lui.Get<ScheduleJob>().Handle(new ScheduleJob.Command(job.Id, wall, "Europe/London", Ada) { ZoneColumn = column }, Token)).Value;
        Assert.Equal(scheduled.Schedule, (await World.Lui.Job(job.Id)).Schedule);
        return scheduled;
    }

    private void AssertNobodyTooEarly() =>
        Assert.All(World.Distributor.Taken, taken => Assert.True(_due[(taken.Recipient.Id - 1) % 5] <= World.Clock.GetUtcNow(), $"{taken.Recipient.Id} at {World.Clock.GetUtcNow()}"));

    private void AssertEverybodyOnce(int recipients) =>
        Assert.Equal((recipients, recipients), (World.Distributor.Taken.Count, World.Distributor.Taken.Select(taken => taken.Recipient.Id).Distinct().Count()));

    private Task<int> Execute(string sql, Job job) => World.Database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, new { job.Id }, transaction, cancellationToken: Token)), Token);
}

public sealed class ZonesOnSqlite : ZonesSpec
{
    private readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class ZonesOnPostgres(PostgresServer server) : ZonesSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
