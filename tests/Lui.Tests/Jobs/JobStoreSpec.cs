// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Listing;
using Tutti.Lui.Jobs.Steps;
using Tutti.Testing;

namespace Tutti.Lui.Tests.Jobs;

public abstract class JobStoreSpec : IAsyncLifetime
{
    private static readonly DateTimeOffset _now = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly _today = new(2026, 11, 24);
    private static readonly Actor _ada = new("1", "Ada");
    private LuiDatabase _database = null!;
    private JobStore _store = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected abstract Task<LuiDatabase> CreateDatabase();

    public async ValueTask InitializeAsync()
    {
        _database = await CreateDatabase();
        _store = new JobStore(_database.Database, TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _database.DisposeAsync();
    }

    [Fact]
    public async Task What_was_saved_is_found_again_by_number_and_by_code()
    {
        var full = Full(await Create());
        var saved = (await _store.Change(full.Id, null, _ => full, _ => null, Stop)).Value;
        AssertSame(full with { Version = 2 }, saved);
        AssertSame(saved, (await _store.Find(full.Id, Stop))!);
        AssertSame(saved, (await _store.Find("261124a", Stop))!);
        Assert.Null(await _store.Find(99, Stop));
        Assert.Null(await _store.Find("261124B", Stop));
    }

    [Fact]
    public async Task A_blank_job_is_found_again()
    {
        var blank = await Create();
        AssertSame(blank, (await _store.Find(blank.Id, Stop))!);
    }

    [Fact]
    public async Task Rule_1_codes_count_the_jobs_of_a_day_and_are_not_used_again()
    {
        var first = await Create();
        var second = await Create();
        await _store.Delete(second.Id, Actor.Tutti, Stop);
        Assert.Equal(("261124A", "261124B", "261124C"), (first.Code, second.Code, (await Create()).Code));
        Assert.Equal("261125A", (await Create(_today.AddDays(1))).Code);
    }

    [Fact]
    public async Task Jobs_made_at_the_same_time_get_different_codes()
    {
        var jobs = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => Create())));
        Assert.Equal(30, jobs.Select(job => job.Code).Distinct(StringComparer.Ordinal).Count());
        Assert.Contains(jobs, job => job.Code == "261124AA");
    }

    [Fact]
    public async Task A_change_of_what_was_not_seen_is_refused()
    {
        var job = await Create();
        Assert.False((await Rename(job, "Summer", version: 1)).IsRefused);
        Assert.Equal("job.changed", (await Rename(job, "Winter", version: 1)).Refusal.Code);
        Assert.Equal("Summer", (await _store.Find(job.Id, Stop))!.Title);
    }

    [Fact]
    public async Task A_refused_change_changes_nothing_and_leaves_no_trace_in_the_journal()
    {
        var job = await Create();
        Assert.Equal("job.title", (await Rename(job, "", version: null)).Refusal.Code);
        AssertSame(job, (await _store.Find(job.Id, Stop))!);
        Assert.Single(await _store.Journal(job.Id, Stop));
    }

    [Fact]
    public async Task Changes_at_the_same_time_are_all_made()
    {
        var job = await Create();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() => Rename(job, $"Title {number}", version: null))));
        Assert.Equal(21, (await _store.Find(job.Id, Stop))!.Version);
        Assert.Equal(21, (await _store.Journal(job.Id, Stop)).Count);
    }

    [Fact]
    public async Task Of_two_who_stop_a_job_one_is_told_that_it_was_stopped_already()
    {
        var job = await Create();
        await _store.Change(job.Id, null, one => one with { State = JobState.Processing }, _ => null, Stop);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => _store.Change(job.Id, null, one => one.Stop(_ada), _ => null, Stop))));
        Assert.Single(outcomes, outcome => outcome.IsRefused);
    }

    [Fact]
    public async Task The_journal_has_the_newest_line_first()
    {
        var job = await Create();
        await Rename(job, "Summer", version: null);
        var journal = await _store.Journal(job.Id, Stop);
        Assert.Equal(["renamed", "created"], journal.Select(line => line.Kind));
        Assert.Equal(new JournalEntry(_now, _ada, "renamed", "Summer"), journal[0]);
    }

    [Fact]
    public async Task Jobs_are_listed_by_state_and_search_the_newest_first()
    {
        var spring = await Create("Spring 100%");
        var summer = await Create("Summer_sale");
        await _store.Change(summer.Id, null, one => one with { State = JobState.Failed, Failure = new JobFailure("stopped", "") }, _ => null, Stop);
        async Task<string[]> Titles(JobQuery query) => [.. (await _store.List(query, Stop)).Jobs.Select(job => job.Title)];

        Assert.Equal(["Summer_sale", "Spring 100%"], await Titles(new JobQuery()));
        Assert.Equal(["Summer_sale"], await Titles(new JobQuery(JobState.Failed)));
        Assert.Equal(["Spring 100%"], await Titles(new JobQuery(Search: "SPRING")));
        Assert.Equal(["Spring 100%"], await Titles(new JobQuery(Search: "%")));
        Assert.Equal(["Summer_sale"], await Titles(new JobQuery(Search: "r_s")));
        Assert.Equal(["Spring 100%"], await Titles(new JobQuery(Search: spring.Code)));
        Assert.Equal(["Spring 100%"], await Titles(new JobQuery(Skip: 1, Take: 1)));
        Assert.Equal(2, (await _store.List(new JobQuery(Take: 1), Stop)).Total);
        Assert.Equal([summer.Id], (await _store.InState(JobState.Failed, Stop)).Select(job => job.Id));
    }

    [Fact]
    public async Task Only_open_jobs_are_deleted()
    {
        var job = await Create();
        await _store.Change(job.Id, null, one => one with { State = JobState.Completed }, _ => null, Stop);
        Assert.Equal("job.not-deletable", (await _store.Delete(job.Id, Actor.Tutti, Stop)).Refusal.Code);
        Assert.Equal("job.not-found", (await _store.Delete(99, Actor.Tutti, Stop)).Refusal.Code);
        var open = await Create();
        Assert.False((await _store.Delete(open.Id, Actor.Tutti, Stop)).IsRefused);
        Assert.Null(await _store.Find(open.Id, Stop));
        Assert.Empty(await _store.Journal(open.Id, Stop));
    }

    private Task<Job> Create(DateOnly day) => Create("Spring", day);

    private Task<Job> Create(string title = "Spring", DateOnly? day = null) => _store.Create(
        day ?? _today,
        (id, code) => new Job { Id = id, Code = code, Title = title, Owner = _ada, CreatedAt = _now },
        new JournalEntry(_now, _ada, "created", "Created."),
        default);

    private Task<Wiring.Outcomes.Outcome<Job>> Rename(Job job, string title, long? version) =>
        _store.Change(job.Id, version, one => one.Rename(title), one => new JournalEntry(_now, _ada, "renamed", one.Title), Stop);

    private static Job Full(Job job) => job with
    {
        Title = "Frühling \u2603",
        State = JobState.Failed,
        Failure = new JobFailure("stopped", "Stopped by Ada."),
        RecipientsId = 7,
        Tracking = JobTracking.Blind,
        Sender = new JobSender("The Society", "news@sender.example", "office@sender.example"),
        Schedule = new JobSchedule(_now.AddDays(1), "Europe/Berlin"),
        TestState = TestState.Outdated,
        TestAt = _now,
        Edits = ImmutableDictionary<JobStep, Edit>.Empty.Add(JobStep.Content, new Edit(_ada, _now)),
        AuthorizedBy = new Actor("2", "Grace"),
        AuthorizedAt = _now.AddHours(1),
        DueAt = _now.AddHours(2),
        StartedAt = _now.AddHours(3),
        HandedOverAt = _now.AddHours(4),
        CompletedAt = _now.AddHours(5),
    };

    // Dictionaries are compared by reference inside records.
    private static void AssertSame(Job expected, Job actual)
    {
        Assert.Equal(expected.Edits.AsEnumerable().OrderBy(edit => edit.Key), actual.Edits.AsEnumerable().OrderBy(edit => edit.Key));
        Assert.Equal(expected, actual with { Edits = expected.Edits });
    }
}

public sealed class JobStoreOnSqlite : JobStoreSpec
{
    private protected override Task<LuiDatabase> CreateDatabase() => Task.FromResult(LuiDatabase.OnSqlite());
}

public sealed class JobStoreOnPostgres(PostgresServer server) : JobStoreSpec
{
    private protected override Task<LuiDatabase> CreateDatabase() => LuiDatabase.OnPostgres(server);
}
