// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Approval;
using Tutti.Lui.Databases;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Repeats;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Notices;
using Tutti.Lui.Recipients;
using Tutti.Lui.Recipients.Drawing;
using Tutti.Lui.Recipients.Import;
using Tutti.Lui.Recipients.Queries;
using Tutti.Lui.Recipients.Reactions;
using Tutti.Lui.Teams;
using Tutti.Lui.Tests.World;
using Tutti.Lui.Tracking;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Recipients.Drawing;

/// <summary>Runs of a repeated job find their recipients anew. The database that they are read from is a real one.</summary>
public abstract class DrawingSpec : WorldSpec
{
    private const string Members = "SELECT email, name, city FROM member ORDER BY email";

    /// <summary>Makes an empty database to read from: the connection to it, and what runs a statement there.</summary>
    private protected abstract Task<(SaveDatabase.Command Connection, Func<string, Task> Run)> CreateSource();

    [Fact]
    public async Task Rule_9_of_section_12_the_recipients_of_each_run_are_evaluated_anew()
    {
        var (first, run) = await Repeated();
        await World.Settle();
        Assert.Equal(["a@rcpt.example", "b@rcpt.example"], Sent());

        await run("DELETE FROM member WHERE email = 'a@rcpt.example'");
        await run("INSERT INTO member VALUES ('c@rcpt.example', 'Cy', 'Ulm'), ('nobody', '', ''), ('B@rcpt.example', 'Twice', 'Ulm')");
        await NextDay();

        var second = await Found("261124B");
        Assert.Equal(JobState.Completed, second.State);
        Assert.Equal(["B@rcpt.example", "c@rcpt.example"], Sent().Skip(2));
        Assert.Equal((2L, 2L), ((await Receipt(second)).Planned, (await Receipt(second)).Accepted));
        var drawn = (await World.Lui.Get<RecipientSourceStore>().Find(second.RecipientsId!.Value, Token))!;
        Assert.Equal((true, 1L, 1L, "crm"), (drawn.IsDrawn, drawn.Invalid, drawn.Duplicates, drawn.FileName));
        Assert.Contains(await World.Lui.Get<JobStore>().Journal(second.Id, Token), line => line.Words.StartsWith("Found anew for this run: 2 recipients from crm", StringComparison.Ordinal));

        // The first one keeps those who got it, and the third one waits with a seal that holds.
        Assert.Equal(2, (await World.Lui.Get<RecipientStore>().Read(first.RecipientsId!.Value, 0, long.MaxValue, 10, Token)).Count);
        var third = await Found("261125A");
        Assert.Equal((3, second.RecipientsId), (third.Run, third.RecipientsId));
        Assert.True((await World.Lui.Get<CheckSeal>().Handle(third, Token)).Holds);
    }

    [Fact]
    public async Task A_query_that_fails_stops_the_run_where_people_see_it_and_is_run_again_when_they_retry()
    {
        var (first, run) = await Repeated();
        await World.Settle();
        await run("ALTER TABLE member RENAME TO friend");
        await World.Lui.Get<PeopleStore>().Replace(
            [new(Ada.Id, Ada.Name, Ada.Name, "ada@society.example", "", Administrator: false, Disabled: false, 1)], [new(1, "Press", FourEyes: false, StepRight.Edit)], Token);
        await NextDay();

        var second = await Found("261124B");
        Assert.Equal((JobState.Failed, "database.failed"), (second.State, second.Failure?.Code));
        Assert.Contains("member", second.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(2, World.Distributor.Taken.Count);
        Assert.Equal(2, (await Runs(first)).Count);
        var alert = Assert.Single(await World.Lui.Get<NoticeStore>().Of(Ada.Id, 10, Token), notice => notice.Alert);
        Assert.Equal((second.Code, second.Failure.Message), (alert.Code, alert.Words));

        await run("ALTER TABLE friend RENAME TO member");
        await run("INSERT INTO member VALUES ('c@rcpt.example', 'Cy', 'Ulm')");
        _ = (await World.Lui.Get<RetryJob>().Handle(new RetryJob.Command(second.Id, Ada), Token)).Value;
        await Draw();

        Assert.Equal(JobState.Completed, (await World.Lui.Job(second.Id)).State);
        Assert.Equal(["a@rcpt.example", "b@rcpt.example", "c@rcpt.example"], Sent().Skip(2));
        Assert.Equal([1, 2, 3], (await Runs(first)).Select(known => known.Run));
    }

    [Fact]
    public async Task Other_columns_than_those_that_the_message_was_written_for_stop_the_run()
    {
        var (_, run) = await Repeated("SELECT * FROM member");
        await World.Settle();
        await run("ALTER TABLE member ADD COLUMN street VARCHAR(80)");
        await NextDay();

        var second = await Found("261124B");
        Assert.Equal("recipients.other-columns", second.Failure?.Code);
        Assert.Contains("Now: email, name, city, street.", second.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(2, World.Distributor.Taken.Count);
    }

    [Fact]
    public async Task A_run_that_finds_nobody_is_done_and_the_next_one_comes()
    {
        var (first, run) = await Repeated();
        await World.Settle();
        await run("DELETE FROM member");
        await NextDay();

        var second = await Found("261124B");
        Assert.Equal(JobState.Completed, second.State);
        Assert.Equal(0, (await Receipt(second)).Planned);

        await run("INSERT INTO member VALUES ('c@rcpt.example', 'Cy', 'Ulm')");
        await NextDay();
        Assert.Equal(["c@rcpt.example"], Sent().Skip(2));
        Assert.Equal([1, 2, 3, 4], (await Runs(first)).Select(known => known.Run));
    }

    [Fact]
    public async Task A_rule_changed_in_the_database_reads_nobody()
    {
        await Repeated();
        await World.Settle();
        await World.Database.Write(
            transaction => transaction.Connection!.ExecuteAsync("UPDATE recipient_source SET rule = REPLACE(rule, 'ORDER BY email', 'ORDER BY city')", transaction: transaction), Token);
        await NextDay();

        var second = await Found("261124B");
        Assert.Equal("seal.differs", second.Failure?.Code);
        Assert.Null(await World.Lui.Get<RecipientSourceStore>().Newest(second.Id, Token));
    }

    [Fact]
    public async Task A_run_stopped_while_it_is_read_is_read_again_when_it_is_retried()
    {
        var (_, run) = await Repeated();
        await World.Settle();
        World.Clock.Advance(TimeSpan.FromDays(1));
        await World.Lui.Deliver();
        var second = await Found("261124B");
        await World.Lui.Get<DrawRecipients>().WhenRead(second.Id);
        _ = (await World.Lui.Get<StopJob>().Handle(new StopJob.Command(second.Id, Ada), Token)).Value;
        await Draw();
        Assert.Equal((JobState.Failed, 2), ((await World.Lui.Job(second.Id)).State, World.Distributor.Taken.Count));

        await run("INSERT INTO member VALUES ('c@rcpt.example', 'Cy', 'Ulm')");
        _ = (await World.Lui.Get<RetryJob>().Handle(new RetryJob.Command(second.Id, Ada), Token)).Value;
        await Draw();
        Assert.Equal(5, World.Distributor.Taken.Count);
    }

    [Fact]
    public async Task A_reaction_is_looked_at_anew_for_each_run()
    {
        var other = await World.Lui.Authorized(4);
        await World.Settle();
        await React(other, 1, 2);
        var job = await World.Lui.Prepare(1);
        await Import((await World.Lui.Get<TakeReactions>().Handle(new TakeReactions.Command(job.Id, other.Code, new ReactionSet(ReactionKind.Opened, false, null), Ada), Token)).Value);
        await Authorise(job);
        await World.Settle();
        Assert.Equal(6, World.Distributor.Taken.Count);

        await React(other, 2, 4);
        await NextDay();
        Assert.Equal(["r1@rcpt.example", "r2@rcpt.example", "r4@rcpt.example"], Sent().Skip(6));
    }

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    public async Task Killed_at_any_moment_each_run_has_everybody_of_its_moment_once(int seed)
    {
        var chance = new Random(seed);
        var (first, _) = await Repeated(runs: 4);
        for (var step = 0; step < 40; step++)
        {
            World.Distributor.Submitting.Plan((Trick)chance.Next(3));
            switch (chance.Next(5))
            {
                case 0:
                    // In the middle of reading.
                    await World.Lui.Deliver();
                    await World.Restart();
                    break;
                case 1:
                    // Read and kept, and not imported.
                    await World.Lui.Deliver();
                    await WhenRead();
                    await World.Restart();
                    break;
                case 2:
                    // In the middle of the import.
                    await World.Lui.Deliver();
                    await WhenRead();
                    await ImportAll(killed: chance.Next(2) == 0);
                    await World.Restart();
                    break;
                default:
                    await Draw(rounds: 1);
                    await World.KilledInTheMiddle(chance.Next(1, 3));
                    break;
            }

            await World.Lui.Read();
            World.Clock.Advance(TimeSpan.FromMinutes(chance.Next(1, 50)));
        }

        for (var round = 0; round < 100 && (await Runs(first)).Count(known => known.State == JobState.Completed) < 4; round++)
        {
            World.Clock.Advance(TimeSpan.FromMinutes(50));
            await Draw(rounds: 2);
        }

        Assert.Equal([1, 2, 3, 4], (await Runs(first)).Select(known => known.Run));
        foreach (var known in await Runs(first))
        {
            var job = await Found(known.Code);
            Assert.Equal((JobState.Completed, 2L), (job.State, (await Receipt(job)).Accepted));
            Assert.Equal(["a@rcpt.example", "b@rcpt.example"], World.Distributor.Taken.Where(taken => taken.Job == (ulong)job.Id).Select(taken => taken.Recipient.Address).Order(StringComparer.Ordinal));
        }

        // No set is left over: each run has its own, and the first one's.
        var left = await World.Lui.Get<RecipientSourceStore>().InState(SourceState.Ready, Token);
        Assert.Equal((await Runs(first)).Count, left.Count(source => source.Rule is not null));
    }

    private async Task<(Job First, Func<string, Task> Run)> Repeated(string sql = Members, int runs = 9)
    {
        var (connection, run) = await CreateSource();
        await run("CREATE TABLE member (email VARCHAR(200), name VARCHAR(200), city VARCHAR(80))");
        await run("INSERT INTO member VALUES ('a@rcpt.example', 'Ann', 'Bonn'), ('b@rcpt.example', 'Bo', 'Ulm')");
        _ = (await World.Lui.Get<SaveDatabase>().Handle(connection, Token)).Value;
        var job = await World.Lui.Prepare(1);
        await Import((await World.Lui.Get<TakeQuery>().Handle(new TakeQuery.Command(job.Id, new TakeQuery.Query("crm", sql, []), null, null, Ada), Token)).Value);
        return (await Authorise(job, runs), run);
    }

    private async Task<Job> Authorise(Job job, int runs = 9)
    {
        _ = (await World.Lui.Get<WaiveTest>().Handle(new WaiveTest.Command(job.Id, Ada), Token)).Value;
        _ = (await World.Lui.Get<ScheduleJob>().Handle(new ScheduleJob.Command(job.Id, null, "UTC", Ada) { Repeat = new RepeatChoice(1, "days", Runs: runs) }, Token)).Value;
        await World.Lui.PassPreflight(await World.Lui.Job(job.Id));
        return (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Value;
    }

    private Task NextDay()
    {
        World.Clock.Advance(TimeSpan.FromDays(1));
        return Draw();
    }

    /// <summary>Lets everything happen that can happen, with the reading and the imports that go on beside it.</summary>
    private async Task Draw(int rounds = 4)
    {
        for (var round = 0; round < rounds; round++)
        {
            await World.Lui.Deliver();
            await WhenRead();
            await ImportAll(killed: false);
            await World.Lui.Deliver();
            await World.Lui.Read();
            World.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await World.Lui.Deliver();
    }

    private async Task WhenRead()
    {
        foreach (var job in await World.Lui.Get<JobStore>().InState(JobState.Processing, Token))
        {
            await World.Lui.Get<DrawRecipients>().WhenRead(job.Id);
        }
    }

    private async Task ImportAll(bool killed)
    {
        foreach (var source in await World.Lui.Get<RecipientSourceStore>().InState(SourceState.Importing, Token))
        {
            World.Lui.Get<ImportQueue>().Add(source);
            using var end = new CancellationTokenSource();
            if (killed)
            {
                await end.CancelAsync();
            }

            try
            {
                await World.Lui.Get<RunImport>().Handle(source, end.Token);
            }
            catch (OperationCanceledException)
            {
                // Killed.
            }
        }
    }

    private async Task<RecipientSource> Import(RecipientSource source)
    {
        await World.Lui.Get<RunImport>().Handle(source, Token);
        return (await World.Lui.Get<RecipientSourceStore>().Find(source.Id, Token))!;
    }

    private Task React(Job job, params long[] recipients) => World.Database.Write(
        transaction => World.Lui.Get<ReactionStore>().Add(
            transaction,
            feed: 77,
            clockOffsetMs: 0,
            [.. recipients.Select(recipient => new TrackerEvent(World.Clock.GetUtcNow().ToUnixTimeMilliseconds() + recipient, 1, Reaction.Open, job.Id, 0, recipient, "", ""))],
            Token),
        Token);

    private IEnumerable<string> Sent() => World.Distributor.Taken.Select(taken => taken.Recipient.Address);

    private async Task<Job> Found(string code) => (await World.Lui.Get<JobStore>().Find(code, Token))!;

    private async Task<List<JobRun>> Runs(Job job) => [.. (await World.Lui.Get<RunStore>().Of(job, 100, Token)).Reverse()];
}

public sealed class DrawingOnSqlite : DrawingSpec
{
    private readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);

    private protected override async Task<(SaveDatabase.Command Connection, Func<string, Task> Run)> CreateSource()
    {
        var file = _folder.File("crm.sqlite");
        await Run("PRAGMA journal_mode = WAL");
        return (new(null, "crm", DatabaseKind.Sqlite, "", 0, file, "", null, false, Ada), Run);

        async Task Run(string sql)
        {
            await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=false");
            await connection.ExecuteAsync(sql);
        }
    }
}

public sealed class DrawingOnPostgres(PostgresServer server) : DrawingSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);

    private protected override async Task<(SaveDatabase.Command Connection, Func<string, Task> Run)> CreateSource()
    {
        var address = new Npgsql.NpgsqlConnectionStringBuilder(await server.CreateDatabase());
        return (new(null, "crm", DatabaseKind.Postgresql, "127.0.0.1", server.Port, address.Database!, "postgres", "", false, Ada), Run);

        async Task Run(string sql)
        {
            await using var connection = new Npgsql.NpgsqlConnection(address.ConnectionString);
            await connection.ExecuteAsync(sql);
        }
    }
}
