// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Content;
using Tutti.Lui.Copies;
using Tutti.Lui.Dashboard;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Listing;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Journal;
using Tutti.Lui.Notices;
using Tutti.Lui.Palette;
using Tutti.Lui.Teams;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Around;

/// <summary>What people do around a job: copies, notes, dates, notices, the journal of all, the dashboard, the palette; on every database.</summary>
public abstract class AroundJobsSpec : WorldSpec
{
    private static readonly Actor _ben = new("2", "Ben");
    private static readonly Actor _cleo = new("3", "Cleo");

    [Fact]
    public async Task A_copy_has_what_was_chosen_and_begins_its_test_anew()
    {
        await Tell();
        var job = await World.Lui.Prepare(3);
        var copied = (await World.Lui.Get<CopyJob>().Handle(new(job.Code, "", Enum.GetValues<JobPart>(), _ben), Token)).Value;

        Assert.Equal(("Copy of Spring", _ben, job.Tracking, job.Sender, TestState.None), (copied.Title, copied.Owner, copied.Tracking, copied.Sender, copied.TestState));
        Assert.Equal(await World.Lui.Get<ContentStore>().Find(job.Id, Token), await World.Lui.Get<ContentStore>().Find(copied.Id, Token));
        Assert.Equal("copied", (await World.Lui.Get<JobStore>().Journal(copied.Id, Token)).Single(line => line.Kind == "copied").Kind);
        var source = Assert.Single(await Sources(copied.Id));
        Assert.Equal(("spring.csv", "importing"), source);
    }

    [Fact]
    public async Task Parts_are_copied_only_from_jobs_and_steps_that_somebody_sees_into_jobs_that_they_may_edit()
    {
        await Tell();
        var from = await World.Lui.Prepare(2);
        var to = (await World.Lui.Get<CreateJob>().Handle(new("Other", _ben), Token)).Value;
        var use = World.Lui.Get<CopyParts>();

        Assert.Equal("copy.no-part", (await use.Handle(new(from.Code, to.Code, [], _ben), Token)).Refusal.Code);
        Assert.Equal("copy.itself", (await use.Handle(new(to.Code, to.Code, [JobPart.Sender], _ben), Token)).Refusal.Code);
        Assert.Equal("job.not-found", (await use.Handle(new(from.Code, to.Code, [JobPart.Sender], _cleo), Token)).Refusal.Code);
        Assert.Equal("copy.nothing", (await use.Handle(new(to.Code, from.Code, [JobPart.Sender], _ben), Token)).Refusal.Code);
        await World.Lui.Get<SetRights>().Handle(
            new(from.Id, Ada, new Dictionary<string, StepRights?> { ["2"] = StepRights.All(StepRight.See).With(JobStep.Content, StepRight.None) }), Token);
        Assert.Equal("team.not-seen", (await use.Handle(new(from.Code, to.Code, [JobPart.Content], _ben), Token)).Refusal.Code);

        Assert.Equal([JobPart.Tracking, JobPart.Sender], (await use.Handle(new(from.Code, to.Code, [JobPart.Sender, JobPart.Tracking, JobPart.Team], _ben), Token)).Value);
        Assert.Equal(from.Sender, (await World.Lui.Job(to.Id)).Sender);
    }

    [Fact]
    public async Task Owner_and_watchers_are_told_what_becomes_of_a_job_as_each_wants_it_but_not_whoever_did_it()
    {
        await Tell();
        var notices = World.Lui.Get<NoticeStore>();
        var job = await World.Lui.Prepare(2);
        await World.Lui.PassPreflight(job);
        await notices.Watch("2", job.Id, on: true, Token);
        await notices.Watch("2", job.Id, on: true, Token);
        await World.Lui.Get<AuthorizeJob>().Handle(new(job.Id, Ada), Token);
        Assert.Equal(0, await notices.Unseen("1", Token));
        Assert.Equal(1, await notices.Unseen("2", Token));

        await notices.Choose("2", new NoticeChoice(NoticeLevel.Never, NoticeLevel.Alerts), Token);
        await World.Settle();

        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
        Assert.Equal(2, await notices.Unseen("1", Token));
        Assert.Equal(1, await notices.Unseen("2", Token));
        var told = await notices.Of("1", 10, Token);
        Assert.All(told, notice => Assert.Equal((job.Code, false), (notice.Code, notice.Alert)));
        await notices.See("1", told[0].Id, World.Clock.GetUtcNow(), Token);
        Assert.Equal(0, await notices.Unseen("1", Token));
        Assert.Empty(await notices.ToMail(10, Token));
    }

    [Fact]
    public async Task A_delivery_that_is_stopped_is_an_alert_on_the_screen_and_by_mail()
    {
        await Tell();
        World.Distributor.Judge = _ => null;
        var job = await World.Lui.Authorized(2);
        await World.Settle();

        Assert.False((await World.Lui.Get<StopJob>().Handle(new(job.Id, _ben), Token)).IsRefused);

        var alert = Assert.Single(await World.Lui.Get<NoticeStore>().Of("1", 10, Token), notice => notice.Alert);
        Assert.Null(alert.SeenAt);
        var mail = Assert.Single(await World.Lui.Get<NoticeStore>().ToMail(10, Token));
        Assert.Equal(("ada@society.example", 1L), (mail.Mail, mail.Alert));
        await World.Lui.Get<NoticeStore>().Mailed(mail.Id, sent: true, Token);
        Assert.Empty(await World.Lui.Get<NoticeStore>().ToMail(10, Token));
    }

    [Fact]
    public async Task Rule_4_a_failed_hand_over_leaves_the_job_failed_and_owner_and_watchers_are_told_by_mail_and_on_the_screen()
    {
        await Tell();
        var job = await World.Lui.Authorized(3);
        await World.Lui.Get<NoticeStore>().Watch("2", job.Id, on: true, Token);
        await World.Lui.Get<AdvanceDeliveries>().Handle(Token);
        await World.Database.Write(
            transaction => transaction.Connection!.ExecuteAsync("UPDATE delivery SET plan = replace(plan, 'Dear', 'Deer'), parts_hash = ''", transaction: transaction), Token);
        await World.Settle();

        Assert.Empty(World.Distributor.Taken);
        Assert.Equal(JobState.Failed, (await World.Lui.Job(job.Id)).State);
        foreach (var person in (string[])["1", "2"])
        {
            Assert.Equal(job.Code, Assert.Single(await World.Lui.Get<NoticeStore>().Of(person, 10, Token), notice => notice.Alert).Code);
        }

        Assert.Contains(await World.Lui.Get<NoticeStore>().ToMail(10, Token), mail => mail is { Mail: "ada@society.example", Alert: 1 });

        // It waits for people; what they may do with it says rule 3.
        await World.Settle();
        Assert.Equal(JobState.Failed, (await World.Lui.Job(job.Id)).State);
    }

    [Fact]
    public async Task A_date_is_reminded_of_once_before_and_once_after_and_a_new_date_again()
    {
        await Tell();
        var job = (await World.Lui.Get<CreateJob>().Handle(new("Spring", Ada), Token)).Value;
        var (set, remind, notices) = (World.Lui.Get<SetDueDate>(), World.Lui.Get<RemindOfDates>(), World.Lui.Get<NoticeStore>());
        var now = World.Clock.GetUtcNow();

        Assert.Equal("job.due-past", (await set.Handle(new(job.Id, Ada, now), Token)).Refusal.Code);
        await set.Handle(new(job.Id, Ada, now.AddHours(30)), Token);
        await remind.Handle(Token);
        Assert.Equal(0, await notices.Unseen("1", Token));

        World.Clock.Advance(TimeSpan.FromHours(7));
        await remind.Handle(Token);
        await remind.Handle(Token);
        Assert.False(Assert.Single(await notices.Of("1", 10, Token)).Alert);

        World.Clock.Advance(TimeSpan.FromHours(24));
        await remind.Handle(Token);
        await remind.Handle(Token);
        Assert.Equal([true, false], (await notices.Of("1", 10, Token)).Select(notice => notice.Alert));

        await set.Handle(new(job.Id, Ada, World.Clock.GetUtcNow().AddHours(1)), Token);
        await remind.Handle(Token);
        Assert.Equal(3, await notices.Unseen("1", Token));
        await set.Handle(new(job.Id, Ada, By: null), Token);
        Assert.Null((await World.Lui.Job(job.Id)).DecideBy);
    }

    [Fact]
    public async Task The_journal_of_all_shows_who_did_what_where_somebody_may_look()
    {
        await Tell();
        var job = (await World.Lui.Get<CreateJob>().Handle(new("Spring", Ada), Token)).Value;
        World.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("note.text", (await World.Lui.Get<AddNote>().Handle(new(job.Id, _ben, " "), Token)).Refusal.Code);
        Assert.Equal("job.not-found", (await World.Lui.Get<AddNote>().Handle(new(job.Id, _cleo, "hello"), Token)).Refusal.Code);
        await World.Lui.Get<AddNote>().Handle(new(job.Id, _ben, "Ask the press office, 100%"), Token);
        var journal = World.Lui.Get<JournalStore>();

        Assert.Equal(["note", "created"], await Kinds(new JournalQuery(Ada)));
        Assert.Empty(await Kinds(new JournalQuery(_cleo)));
        Assert.Equal(["note"], await Kinds(new JournalQuery(Ada, Search: "100%")));
        Assert.Equal(["note"], await Kinds(new JournalQuery(Ada, Who: "2")));
        Assert.Equal(["created"], await Kinds(new JournalQuery(Ada, Kind: "created")));
        Assert.Equal(["created"], await Kinds(new JournalQuery(Ada, Until: World.Clock.GetUtcNow())));
        Assert.Equal(["note"], await Kinds(new JournalQuery(Ada, From: World.Clock.GetUtcNow())));
        Assert.Equal(["Ada", "Ben"], (await journal.People(_ben, Token)).Select(actor => actor.Name));
        Assert.Empty(await journal.People(_cleo, Token));
        Assert.Equal(["created", "note"], await journal.Kinds(_ben, Token));

        async Task<IEnumerable<string>> Kinds(JournalQuery query) => (await journal.List(query, Token)).Items.Select(item => item.Entry.Kind);
    }

    [Fact]
    public async Task The_dashboard_shows_what_needs_attention_what_is_under_way_and_when()
    {
        await Tell();
        var store = World.Lui.Get<DashboardStore>();
        var now = World.Clock.GetUtcNow();
        var due = (await World.Lui.Get<CreateJob>().Handle(new("To be decided", Ada), Token)).Value;
        await World.Lui.Get<SetDueDate>().Handle(new(due.Id, Ada, now.AddHours(5)), Token);
        var done = await World.Lui.Authorized(2);
        await World.Settle();

        Assert.Equal([due.Code], (await store.NeedAttention(_ben, now.AddDays(1), 10, Token)).Select(job => job.Code));
        Assert.Empty(await store.NeedAttention(_cleo, now.AddDays(1), 10, Token));
        Assert.Empty(await store.NeedAttention(_ben, now.AddHours(4), 10, Token));
        Assert.Equal([done.Code], (await store.Recent(_ben, 4, Token)).Select(job => job.Code));
        Assert.Empty(await store.Ongoing(_ben, 10, Token));
        Assert.Equal(
            [(done.Code, Occasion.Delivered), (due.Code, Occasion.Decision)],
            (await store.Calendar(_ben, now.AddDays(-1), now.AddDays(1), Token)).Select(item => (item.Code, item.Occasion)));
        Assert.Empty(await store.Calendar(_cleo, now.AddDays(-1), now.AddDays(1), Token));
        Assert.Empty(await store.Calendar(_ben, now.AddDays(1), now.AddDays(2), Token));
    }

    [Fact]
    public async Task The_palette_finds_jobs_pages_and_actions_and_hides_what_is_not_for_them()
    {
        await Tell();
        var job = (await World.Lui.Get<CreateJob>().Handle(new("Spring letter", Ada), Token)).Value;
        var find = World.Lui.Get<FindEntries>();

        Assert.Contains((await find.Handle("letter", _ben, isAdministrator: false, Token)), entry => entry.Path == $"jobs/{job.Code}");
        Assert.Empty(await find.Handle("letter", _cleo, isAdministrator: false, Token));
        Assert.Contains((await find.Handle(job.Code.ToLowerInvariant(), _ben, isAdministrator: false, Token)), entry => entry.Path == $"jobs/{job.Code}/report");
        Assert.Contains((await find.Handle("new job", _ben, isAdministrator: false, Token)), entry => entry.Path == "jobs/new");
        Assert.DoesNotContain((await find.Handle("", _ben, isAdministrator: false, Token)), entry => entry.Path == "tokens");
        Assert.Contains((await find.Handle("", _ben, isAdministrator: true, Token)), entry => entry.Path == "tokens");
    }

    [Fact]
    public async Task Jobs_are_listed_by_what_was_asked_among_ten_thousand()
    {
        await Tell();
        await World.Database.Write(
            transaction => transaction.Connection!.ExecuteAsync(
                """
                INSERT INTO job (id, code, title, state, owner_id, owner_name, created_at, test_state, edits, version)
                VALUES (@id, @code, @title, 'open', @owner, 'Ada', 0, 'none', '{}', 1)
                """,
                Enumerable.Range(1, 10_000).Select(number => new { id = 100_000L + number, code = $"X{number}", title = $"Letter {number}", owner = number % 2 == 0 ? "1" : "3" }),
                transaction),
            Token);

        var page = await World.Lui.Get<ListJobs>().Handle(new JobQuery(Search: "letter", Take: 25, Viewer: _ben, Order: JobOrder.Title), Token);

        Assert.Equal((5_000, 25, "Letter 10"), (page.Total, page.Jobs.Count, page.Jobs[0].Title));
    }

    private Task<bool> Tell() => World.Lui.Get<PeopleStore>().Replace(
        [Of(Ada, 1), Of(_ben, 1), Of(_cleo, 2)], [new PersonGroup(1, "Press", FourEyes: false, StepRight.Edit), new PersonGroup(2, "Fairs", FourEyes: false, StepRight.Edit)], Token);

    private static Person Of(Actor who, long group) =>
        new(who.Id, who.Name, who.Name, $"{who.Name.ToLowerInvariant()}@society.example", "", Administrator: false, Disabled: false, group);

    private async Task<IReadOnlyList<(string, string)>> Sources(long job)
    {
        await using var connection = await World.Database.Open(Token);
        return [.. await connection.QueryAsync<(string, string)>("SELECT file_name, state FROM recipient_source WHERE job_id = @job", new { job })];
    }
}

public sealed class AroundJobsOnSqlite : AroundJobsSpec
{
    private readonly TemporaryFolder _folder = new();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class AroundJobsOnPostgres(PostgresServer postgres) : AroundJobsSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(postgres);
}
