// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Dapper;
using Tutti.Lui.Approval;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Tests.World;
using Tutti.Lui.Triggers;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Triggers;

/// <summary>Jobs that wait until somebody lets them go.</summary>
public abstract class TriggerSpec : WorldSpec
{
    [Fact]
    public async Task A_job_waits_until_it_is_triggered_however_long_that_takes()
    {
        var job = await Waiting(10);
        World.Clock.Advance(TimeSpan.FromDays(40));
        await World.Settle();
        Assert.Empty(World.Distributor.Opened);
        Assert.Equal((JobState.Waiting, true), ((await World.Lui.Job(job.Id)).State, (await World.Lui.Job(job.Id)).WaitsForTrigger));

        var triggered = (await World.Lui.Get<TriggerJob>().Handle(new TriggerJob.Command(job.Id, Ada), Token)).Value;
        await World.Settle();

        Assert.Equal(World.Clock.GetUtcNow().Date, triggered.DueAt!.Value.Date);
        Assert.Equal((JobState.Completed, 10L), ((await World.Lui.Job(job.Id)).State, (await Receipt(job)).Accepted));
    }

    [Fact]
    public async Task Rule_20_a_token_lets_exactly_one_job_go_and_a_second_time_changes_nothing()
    {
        var job = await Waiting(10);
        var other = await Waiting(10);
        var token = await Address(job);

        var first = (await Pull(token)).Value;
        await World.Settle();
        var again = (await Pull(token)).Value;

        Assert.Equal((job.Id, first.DueAt), (again.Id, again.DueAt));
        Assert.Equal(10, World.Distributor.Taken.Count);
        Assert.Equal(JobState.Waiting, (await World.Lui.Job(other.Id)).State);
        Assert.Single(await World.Lui.Get<JobStore>().Journal(job.Id, Token), line => line.Kind == "triggered");
    }

    [Fact]
    public async Task Many_at_the_same_moment_start_it_once()
    {
        var job = await Waiting(10);
        var token = await Address(job);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => Pull(token), Token)));
        await World.Settle();

        Assert.Single(answers.Select(answer => answer.Value.DueAt).Distinct());
        Assert.Equal(10, World.Distributor.Taken.Count);
        Assert.Single(await World.Lui.Get<JobStore>().Journal(job.Id, Token), line => line.Kind == "triggered");
    }

    [Fact]
    public async Task Rule_20_a_wrong_or_revoked_or_replaced_token_does_nothing()
    {
        var job = await Waiting(10);
        var replaced = await Address(job);
        var revoked = await Address(job);
        await World.Lui.Get<RevokeTriggerAddress>().Handle(new RevokeTriggerAddress.Command(job.Id, Ada), Token);

        foreach (var token in new[] { replaced, revoked, "", "x", TriggerAddress.HashOf(revoked) })
        {
            Assert.Equal("trigger.no-address", (await Pull(token)).Refusal.Code);
        }

        await World.Settle();
        Assert.Empty(World.Distributor.Opened);
        Assert.Equal(JobState.Waiting, (await World.Lui.Job(job.Id)).State);
    }

    [Fact]
    public async Task Only_the_hash_of_a_token_is_in_the_database()
    {
        var token = await Address(await Waiting(1));
        await using var connection = await World.Database.Open(Token);

        Assert.Equal(TriggerAddress.HashOf(token), await connection.ExecuteScalarAsync<string>("SELECT token_hash FROM job_trigger"));
    }

    [Fact]
    public async Task What_is_not_authorised_is_not_triggered_and_no_longer_once_it_was_revoked()
    {
        var job = await Prepared(10);
        var token = await Address(job);
        Assert.Equal("job.not-waiting", (await Pull(token)).Refusal.Code);

        await Authorise(job);
        await World.Lui.Get<RevokeAuthorization>().Handle(new RevokeAuthorization.Command(job.Id, Ada), Token);
        Assert.Equal("job.not-waiting", (await Pull(token)).Refusal.Code);

        await Authorise(job);
        Assert.Equal(job.Id, (await Pull(token)).Value.Id);
    }

    [Fact]
    public async Task A_job_with_another_start_has_no_trigger()
    {
        var job = await World.Lui.Authorized(5);

        Assert.Equal("trigger.not-waiting", (await World.Lui.Get<TriggerJob>().Handle(new TriggerJob.Command(job.Id, Ada), Token)).Refusal.Code);
        Assert.Equal("trigger.not-waiting", (await World.Lui.Get<MakeTriggerAddress>().Handle(new MakeTriggerAddress.Command(job.Id, Ada), Token)).Refusal.Code);
        Assert.Equal(
            "schedule.one-start",
            (await World.Lui.Get<ScheduleJob>().Handle(new ScheduleJob.Command(job.Id, "2026-11-25T09:00", "UTC", Ada) { OnTrigger = true }, Token)).Refusal.Code);
    }

    [Fact]
    public async Task Killed_after_the_answer_the_job_still_goes_and_too_late_it_is_missed()
    {
        var job = await Waiting(10);
        var late = await Waiting(10);
        _ = (await Pull(await Address(job))).Value;
        await World.Restart();
        await World.Settle();
        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);

        _ = (await Pull(await Address(late))).Value;
        World.Clock.Advance(TimeSpan.FromHours(2));
        await World.Restart();
        await World.Settle();
        Assert.Equal("missed", (await World.Lui.Job(late.Id)).Failure?.Code);

        // Triggered is triggered: from then on people decide.
        Assert.Equal(JobState.Failed, (await Pull(await Again(late))).Value.State);
        Assert.Equal(10, World.Distributor.Taken.Count);
    }

    [Fact]
    public async Task A_start_that_is_made_at_once_in_the_database_breaks_the_seal()
    {
        var job = await Waiting(10);
        Assert.True((await World.Lui.Get<CheckSeal>().Handle(job, Token)).Holds);
        await World.Database.Write(
            transaction => transaction.Connection!.ExecuteAsync("UPDATE job SET schedule_kind = 'now', due_at = 1 + authorized_at WHERE id = @Id", new { job.Id }, transaction), Token);
        await World.Settle();

        Assert.Equal("seal.differs", (await World.Lui.Job(job.Id)).Failure?.Code);
    }

    [Fact]
    public void Attempts_are_counted_for_each_network_and_a_minute()
    {
        var limit = new TriggerLimit(World.Clock);
        World.Clock.Advance(TimeSpan.FromSeconds(60 - World.Clock.GetUtcNow().Second));
        bool[] Try(string address, int times) => [.. Enumerable.Range(0, times).Select(_ => limit.Admits(IPAddress.Parse(address)))];

        Assert.Equal(TriggerLimit.MostAMinute, Try("192.0.2.1", 40).Count(admitted => admitted));
        Assert.False(limit.Admits(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.All(Try("192.0.2.2", 5), Assert.True);
        Assert.Equal(TriggerLimit.MostAMinute, Try("2001:db8::1", 20).Concat(Try("2001:db8::2", 20)).Count(admitted => admitted));
        World.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(limit.Admits(IPAddress.Parse("192.0.2.1")));
    }

    private async Task<Job> Prepared(int recipients)
    {
        var job = await World.Lui.Prepare(recipients);
        return (await World.Lui.Get<ScheduleJob>().Handle(new ScheduleJob.Command(job.Id, null, "UTC", Ada) { OnTrigger = true }, Token)).Value;
    }

    private async Task<Job> Waiting(int recipients) => await Authorise(await Prepared(recipients));

    private async Task<Job> Authorise(Job job)
    {
        await World.Lui.PassPreflight(await World.Lui.Job(job.Id));
        return (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Value;
    }

    private async Task<string> Address(Job job) => (await World.Lui.Get<MakeTriggerAddress>().Handle(new MakeTriggerAddress.Command(job.Id, Ada), Token)).Value;

    // An address of a job that no longer gets one.
    private async Task<string> Again(Job job)
    {
        var token = TriggerAddress.NewToken();
        await World.Database.Write(
            transaction => TriggerStore.Save(transaction, new TriggerAddress(job.Id, World.Clock.GetUtcNow(), Ada), TriggerAddress.HashOf(token), Token), Token);
        return token;
    }

    private Task<Wiring.Outcomes.Outcome<Job>> Pull(string token) => World.Lui.Get<PullTrigger>().Handle(token, Token);
}

public sealed class TriggerOnSqlite : TriggerSpec
{
    private readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class TriggerOnPostgres(PostgresServer server) : TriggerSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
