// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Approval;
using Tutti.Lui.Attachments;
using Tutti.Lui.Content;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Repeats;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Recipients;
using Tutti.Lui.Suppression;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Jobs.Repeats;

/// <summary>Jobs that come again and again. The world's clock begins at 2026-11-24 09:00 UTC.</summary>
public abstract class RepeatsSpec : WorldSpec
{
    [Fact]
    public async Task Each_run_is_a_job_of_its_own_with_its_own_receipt_until_the_last()
    {
        var first = await Repeated(10, new RepeatChoice(1, "days", Runs: 3));
        for (var day = 0; day < 5; day++)
        {
            await World.Settle();
            World.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(6));
        }

        var runs = await Runs(first);
        Assert.Equal(["261124A", "261124B", "261125A"], runs.Select(run => run.Code));
        Assert.All(runs, run => Assert.Equal(JobState.Completed, run.State));
        foreach (var run in runs)
        {
            Assert.Equal(10, (await Receipt(await Found(run.Code))).Accepted);
        }

        Assert.Equal(30, World.Distributor.Taken.Count);
        Assert.Equal(3, World.Distributor.Taken.Select(taken => taken.Job).Distinct().Count());
        Assert.Equal(first.DueAt!.Value.AddDays(2).ToUnixTimeMilliseconds(), (await Found("261125A")).DueAt!.Value.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task The_next_run_waits_with_the_same_approval_and_a_seal_that_holds()
    {
        var first = await Repeated(5, new RepeatChoice(1, "weeks"));
        await World.Settle();
        var next = await Found("261124B");

        Assert.Equal((JobState.Waiting, 2, first.Id), (next.State, next.Run, next.ChainId!.Value));
        Assert.Equal((first.AuthorizedBy, first.AuthorizedAt), (next.AuthorizedBy, next.AuthorizedAt));
        Assert.True((await World.Lui.Get<CheckSeal>().Handle(next, Token)).Holds);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public async Task Killed_at_any_moment_no_run_is_made_twice_and_none_is_left_out(int seed)
    {
        var chance = new Random(seed);
        var first = await Repeated(2500, new RepeatChoice(6, "hours", Runs: 4));
        for (var step = 0; step < 70; step++)
        {
            World.Distributor.Submitting.Plan((Trick)chance.Next(3));
            World.Distributor.Opening.Plan((Trick)chance.Next(3));
            World.Tracker.Publishing.Plan((Trick)chance.Next(3));
            await World.KilledInTheMiddle(chance.Next(1, 4));
            await World.Lui.Read();
            World.Clock.Advance(TimeSpan.FromMinutes(chance.Next(1, 30)));
        }

        // Often enough that no run is missed.
        for (var round = 0; round < 40; round++)
        {
            World.Clock.Advance(TimeSpan.FromMinutes(30));
            await World.Lui.Deliver();
            await World.Lui.Read();
        }

        await World.Settle();
        var runs = await Runs(first);
        Assert.Equal([1, 2, 3, 4], runs.Select(run => run.Run));
        foreach (var run in runs)
        {
            Assert.Equal(2500, (await Receipt(await Found(run.Code))).Accepted);
        }

        Assert.Equal(10_000, World.Distributor.Taken.Select(taken => (taken.Job, taken.Recipient.Id)).Distinct().Count());
        Assert.Equal(10_000, World.Distributor.Taken.Count);
    }

    [Fact]
    public async Task A_run_killed_within_its_start_leaves_no_next_one_behind()
    {
        var first = await Repeated(5, new RepeatChoice(1, "days"));

        // The same transaction starts the delivery and makes the next run: refused by the database, there is neither.
        await World.Database.Write(
            transaction => transaction.Connection!.ExecuteAsync(
                """
                INSERT INTO job (id, code, title, state, owner_id, owner_name, created_at, test_state, edits, version, chain_id, run)
                VALUES (9999, 'X', 'In the way', 'completed', '1', 'Ada', 0, 'none', '{}', 1, @Id, 2)
                """,
                new { first.Id },
                transaction),
            Token);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(World.Lui.Deliver);
        Assert.Empty(World.Distributor.Opened);
        Assert.Equal(JobState.Processing, (await World.Lui.Job(first.Id)).State);

        await World.Database.Write(transaction => transaction.Connection!.ExecuteAsync("DELETE FROM job WHERE id = 9999", transaction: transaction), Token);
        await World.Restart();
        await World.Settle();
        Assert.Equal([1, 2], (await Runs(first)).Select(run => run.Run));
        Assert.Equal(5, (await Receipt(first)).Accepted);
    }

    [Fact]
    public async Task Whoever_unsubscribes_between_two_runs_gets_no_more()
    {
        await Repeated(5, new RepeatChoice(1, "days"));
        await World.Settle();
        await World.Lui.Get<SuppressAddress>().Handle(new SuppressAddress.Command(["r2@rcpt.example"], "", Ada), Token);
        World.Clock.Advance(TimeSpan.FromDays(1));
        await World.Settle();

        Assert.Equal((4L, 1L), ((await Receipt(await Found("261124B"))).Accepted, (await Receipt(await Found("261124B"))).Suppressed));
    }

    [Fact]
    public async Task A_changed_message_stops_the_next_run_and_with_it_the_repetition()
    {
        var first = await Repeated(5, new RepeatChoice(1, "days"));
        await World.Settle();
        var second = await Found("261124B");
        await World.Database.Write(
            transaction => transaction.Connection!.ExecuteAsync("UPDATE content SET html = '<p>Buy</p>' WHERE job_id = @Id", new { second.Id }, transaction), Token);
        World.Clock.Advance(TimeSpan.FromDays(1));
        await World.Settle();

        Assert.Equal("seal.differs", (await World.Lui.Job(second.Id)).Failure?.Code);
        Assert.Equal(2, (await Runs(first)).Count);
    }

    [Fact]
    public async Task The_whole_message_comes_with_every_run()
    {
        var job = await World.Lui.Prepare(3);
        var message = new SaveContent.Command(job.Id, Ada, "Hello {{ name }}", "<p>Dear {{ name }}</p>", "") { Preheader = "What is new", IsTextAutomatic = true };
        _ = (await World.Lui.Get<SaveContent>().Handle(message, Token)).Value;
        using (var bytes = new MemoryStream("%PDF-1.7 text"u8.ToArray()))
        {
            _ = (await World.Lui.Get<AddFile>().Handle(new AddFile.Command(job.Id, Ada, "report.pdf", bytes, AsImage: false), Token)).Value;
        }

        _ = (await World.Lui.Get<WaiveTest>().Handle(new WaiveTest.Command(job.Id, Ada), Token)).Value;
        _ = (await World.Lui.Get<ScheduleJob>().Handle(new ScheduleJob.Command(job.Id, null, "UTC", Ada) { Repeat = new RepeatChoice(1, "days", Runs: 2) }, Token)).Value;
        await World.Lui.PassPreflight(await World.Lui.Job(job.Id));
        _ = (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Value;
        await World.Settle();
        World.Clock.Advance(TimeSpan.FromDays(1));
        await World.Settle();

        Assert.Equal(6, World.Distributor.Taken.Count);
        Assert.All(World.Distributor.Opened.Values, opened => Assert.Single(opened.Content.Pieces, piece => piece.File is not null));
        Assert.Equal(2, World.Distributor.Opened.Count);
    }

    [Fact]
    public async Task A_revoked_run_stays_in_its_repetition_when_it_is_authorised_again()
    {
        var first = await Repeated(5, new RepeatChoice(1, "days", Runs: 3));
        await World.Settle();
        var second = await Found("261124B");
        _ = (await World.Lui.Get<RevokeAuthorization>().Handle(new RevokeAuthorization.Command(second.Id, Ada), Token)).Value;
        World.Clock.Advance(TimeSpan.FromDays(2));
        await World.Settle();
        Assert.Equal(5, World.Distributor.Taken.Count);

        _ = (await World.Lui.Get<ScheduleJob>().Handle(new ScheduleJob.Command(second.Id, null, "UTC", Ada) { Repeat = new RepeatChoice(1, "days", Runs: 3) }, Token)).Value;
        await World.Lui.PassPreflight(await World.Lui.Job(second.Id));
        _ = (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(second.Id, Ada), Token)).Value;
        await World.Settle();

        var runs = await Runs(first);
        Assert.Equal([1, 2, 3], runs.Select(run => run.Run));
        Assert.Equal(10, World.Distributor.Taken.Count);
    }

    [Fact]
    public async Task A_set_of_recipients_is_kept_as_long_as_a_run_uses_it()
    {
        var first = await Repeated(5, new RepeatChoice(1, "days"));
        await World.Settle();
        var second = await Found("261124B");
        Assert.Equal(first.RecipientsId, second.RecipientsId);

        // Its own job is gone, as far as the set's owner tells; the runs still use it.
        await World.Database.Write(transaction => transaction.Connection!.ExecuteAsync("UPDATE recipient_source SET job_id = 4711", transaction: transaction), Token);
        await World.Lui.Get<RecipientSourceStore>().DiscardOrphans(Token);
        await World.Database.Write(transaction => RecipientSourceStore.Discard(transaction, first.RecipientsId!.Value, Token), Token);
        World.Clock.Advance(TimeSpan.FromDays(1));
        await World.Settle();
        Assert.Equal(5, (await Receipt(second)).Accepted);

        await World.Database.Write(transaction => transaction.Connection!.ExecuteAsync("UPDATE job SET recipients_id = NULL", transaction: transaction), Token);
        await World.Lui.Get<RecipientSourceStore>().DiscardOrphans(Token);
        Assert.Equal(SourceState.Discarded, (await World.Lui.Get<RecipientSourceStore>().Find(first.RecipientsId!.Value, Token))!.State);
    }

    [Fact]
    public async Task A_repetition_changed_in_the_database_breaks_the_seal()
    {
        var job = await Repeated(5, new RepeatChoice(1, "days", Runs: 2));
        await World.Database.Write(
            transaction => transaction.Connection!.ExecuteAsync("UPDATE job SET schedule_more = REPLACE(schedule_more, '\"Runs\":2', '\"Runs\":9') WHERE id = @Id", new { job.Id }, transaction), Token);
        await World.Settle();

        Assert.Equal("seal.differs", (await World.Lui.Job(job.Id)).Failure?.Code);
        Assert.Single(await Runs(job));
    }

    private async Task<Job> Repeated(int recipients, RepeatChoice repeat)
    {
        var job = await World.Lui.Prepare(recipients);
        var scheduled = (await World.Lui.Get<ScheduleJob>().Handle(new ScheduleJob.Command(job.Id, null, "UTC", Ada) { Repeat = repeat }, Token)).Value;
        Assert.Equal(scheduled.Schedule, (await World.Lui.Job(job.Id)).Schedule);
        await World.Lui.PassPreflight(scheduled);
        return (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Value;
    }

    private async Task<Job> Found(string code) => (await World.Lui.Get<JobStore>().Find(code, Token))!;

    private async Task<List<JobRun>> Runs(Job job) => [.. (await World.Lui.Get<RunStore>().Of(job, 100, Token)).Reverse()];
}

public sealed class RepeatsOnSqlite : RepeatsSpec
{
    private readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class RepeatsOnPostgres(PostgresServer server) : RepeatsSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
