// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Dapper;
using Tutti.Contracts.Dst.V1;
using Tutti.Lui.Content;
using Tutti.Lui.Jobs;
using Tutti.Lui.Rehearsals;
using Tutti.Lui.Reports;
using Tutti.Lui.Suppression;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Rehearsals;

public abstract class RehearsalSpec : WorldSpec
{
    [Fact]
    public async Task A_whole_job_is_played_and_counts_in_no_report_and_no_receipt()
    {
        World.Distributor.Rehearsals.Oddities.Add(new Oddity { Kind = "template-remains", Count = 2, Examples = { new OddExample { Number = 4, Address = "r1@rcpt.example" } } });
        var job = await World.Lui.Prepare(2500, html: "<p>{{ name }} {{ city }}</p>");
        var begun = (await Begin(job)).Value;
        await Play();

        var done = (await World.Lui.Get<RehearsalStore>().OfJob(job.Id, Token))!;
        Assert.Equal((RehearsalState.Done, 2500, 2500), (done.State, done.ClaimedTo, World.Distributor.Rehearsals.Taken.Count));
        Assert.Equal(2500, World.Distributor.Rehearsals.Taken.Select(one => one.Id).Distinct().Count());
        Assert.Equal((2500UL, 90_000L), (done.Report!.Progress.Accepted, done.Report.DurationMs));
        Assert.Equal("Subject: 4\r\n\r\n", Encoding.UTF8.GetString((await World.Lui.Get<RehearsalStore>().OddMessage(begun.Id, 4, Token))!));
        Assert.Empty(World.Distributor.Rehearsals.Opened);

        // Nothing of it is a delivery: no key that trackers know, no batch in the queue, no fate.
        Assert.Empty(World.Distributor.Opened);
        Assert.Empty(World.Tracker.Published);
        Assert.Equal((0L, 0L, 0L, 0L), (await Rows("delivery"), await Rows("publication"), await Rows("outcome"), await Rows("suppression")));
        Assert.Equal(0, (await World.Lui.Get<ReadReport>().Handle(job.Id, Token)).Value.Receipt.Planned);
        Assert.Equal(JobState.Open, (await World.Lui.Job(job.Id)).State);
        Assert.Equal(job.TestState, (await World.Lui.Job(job.Id)).TestState);
    }

    [Fact]
    public async Task Values_that_are_missing_are_counted_by_field_with_examples_and_the_suppressed_stay_out()
    {
        var job = await World.Lui.Prepare(10, html: "<p>{{ name }} {{ city }}</p>");
        await World.Lui.Database.Write(
            transaction => transaction.Connection!.ExecuteAsync(
                """
                UPDATE recipient SET fields = '["r2@rcpt.example","Nr 2",""]' WHERE recipients_id = @RecipientsId AND id <= 4
                """,
                new { job.RecipientsId },
                transaction),
            Token);
        _ = (await World.Lui.Get<SuppressAddress>().Handle(new SuppressAddress.Command(["r10@rcpt.example"], "asked", Ada), Token)).Value;
        await Begin(job);
        await Play();

        var seen = (await World.Lui.Get<RehearsalStore>().OfJob(job.Id, Token))!.Seen;
        Assert.Equal((1L, 9), (seen.Suppressed, World.Distributor.Rehearsals.Taken.Count));
        var city = Assert.Single(seen.Missing);
        Assert.Equal(("city", 4L), (city.Key.ToLowerInvariant(), city.Value.Recipients));
        Assert.Equal(["r1@rcpt.example", "r2@rcpt.example", "r3@rcpt.example"], city.Value.Examples);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Whatever_answer_is_lost_and_whenever_lui_ends_nobody_is_played_or_counted_twice(int call)
    {
        var job = await World.Lui.Prepare(2500, html: "<p>{{ name }}</p>");
        await Begin(job);
        World.Distributor.Rehearsals.Calls.Plan([.. Enumerable.Repeat(Trick.None, call - 1), Trick.LoseAnswer, Trick.FailBefore]);
        await Play();
        await World.Restart();
        await World.Lui.Refresh();
        await Play();
        await Play();

        var done = (await World.Lui.Get<RehearsalStore>().OfJob(job.Id, Token))!;
        Assert.Equal((RehearsalState.Done, null), (done.State, done.Reason));
        Assert.Equal(2500, World.Distributor.Rehearsals.Taken.Count);
        Assert.Empty(World.Distributor.Rehearsals.Opened);
    }

    [Fact]
    public async Task One_that_was_stopped_keeps_what_it_has_shown_and_its_distributor_forgets_it()
    {
        World.Distributor.Rehearsals.Ends = false;
        var job = await World.Lui.Prepare(5);
        await Begin(job);
        await Play();
        Assert.Equal("rehearsal.running", (await Begin(job)).Refusal.Code);

        Assert.False((await World.Lui.Get<StopRehearsal>().Handle(job, Token)).IsRefused);
        World.Distributor.Rehearsals.Calls.Away = true;
        await Play();
        Assert.Equal(RehearsalState.Stopping, (await World.Lui.Get<RehearsalStore>().OfJob(job.Id, Token))!.State);
        World.Distributor.Rehearsals.Calls.Away = false;
        await Play();

        var stopped = (await World.Lui.Get<RehearsalStore>().OfJob(job.Id, Token))!;
        Assert.Equal((RehearsalState.Stopped, 5UL), (stopped.State, stopped.Report!.Progress.Waiting));
        Assert.Empty(World.Distributor.Rehearsals.Opened);
        Assert.Equal("rehearsal.not-running", (await World.Lui.Get<StopRehearsal>().Handle(job, Token)).Refusal.Code);
    }

    [Fact]
    public async Task One_that_its_distributor_has_lost_says_so_and_can_be_begun_again()
    {
        World.Distributor.Rehearsals.Ends = false;
        var job = await World.Lui.Prepare(5);
        await Begin(job);
        await Play();
        World.Distributor.Rehearsals.Opened.Clear();
        await Play();
        Assert.Equal(RehearsalState.Failed, (await World.Lui.Get<RehearsalStore>().OfJob(job.Id, Token))!.State);

        World.Distributor.Rehearsals.Ends = true;
        Assert.False((await Begin(job)).IsRefused);
        await Play();
        await Play();
        Assert.Equal(RehearsalState.Done, (await World.Lui.Get<RehearsalStore>().OfJob(job.Id, Token))!.State);
        Assert.Equal(1, await Rows("rehearsal"));
    }

    [Fact]
    public async Task After_an_edit_it_is_one_of_an_older_version()
    {
        var job = await World.Lui.Prepare(5);
        World.Clock.Advance(TimeSpan.FromMinutes(1));
        await Begin(job);
        await Play();
        var done = (await World.Lui.Get<RehearsalStore>().OfJob(job.Id, Token))!;
        Assert.False(done.IsOutdated(await World.Lui.Job(job.Id)));

        World.Clock.Advance(TimeSpan.FromMinutes(1));
        _ = (await World.Lui.Get<SaveContent>().Handle(new SaveContent.Command(job.Id, Ada, "Other", "<p>Other</p>", "Other"), Token)).Value;
        Assert.True(done.IsOutdated(await World.Lui.Job(job.Id)));
    }

    [Fact]
    public async Task With_its_job_it_goes_from_here_and_from_the_distributor()
    {
        World.Distributor.Rehearsals.Ends = false;
        var job = await World.Lui.Prepare(5);
        await Begin(job);
        await Play();
        Assert.False((await World.Lui.Get<DeleteJob>().Handle(new DeleteJob.Command(job.Id, Ada), Token)).IsRefused);
        await Play();
        Assert.Empty(World.Distributor.Rehearsals.Opened);
        Assert.Equal(0, await Rows("rehearsal"));
    }

    [Fact]
    public async Task A_manner_that_is_not_known_and_a_job_that_has_left_are_refused()
    {
        var job = await World.Lui.Prepare(5);
        Assert.Equal("rehearsal.manner", (await World.Lui.Get<BeginRehearsal>().Handle(new(job.Id, Ada, "loud"), Token)).Refusal.Code);
        var sent = await World.Lui.Authorized(5);
        await World.Settle();
        Assert.Equal("rehearsal.too-late", (await Begin(sent)).Refusal.Code);
    }

    private Task<Outcome<Lui.Rehearsals.Rehearsal>> Begin(Job job) => World.Lui.Get<BeginRehearsal>().Handle(new(job.Id, Ada, "providers"), Token);

    /// <summary>What the worker does, a few looks long.</summary>
    private async Task Play()
    {
        for (var look = 0; look < 4; look++)
        {
            foreach (var rehearsal in await World.Lui.Get<RehearsalStore>().Open(Token))
            {
                await World.Lui.Get<Rehearse>().Handle(rehearsal, Token);
            }
        }
    }

    private async Task<long> Rows(string table)
    {
        await using var connection = await World.Lui.Get<Database>().Open(Token);
        return await connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {table}");
    }
}

public sealed class RehearsalOnSqlite : RehearsalSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class RehearsalOnPostgres(PostgresServer server) : RehearsalSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
