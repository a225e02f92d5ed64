// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Microsoft.Extensions.Time.Testing;
using Tutti.Lui.Approval;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Lui.Jobs.Listing;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Teams;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Tests.Teams;

/// <summary>Who finds, changes and authorises what, on every database.</summary>
public abstract class TeamsSpec(PostgresServer? postgres) : IAsyncLifetime
{
    private static readonly Actor _ada = new("1", "Ada");
    private static readonly Actor _ben = new("2", "Ben");
    private static readonly Actor _cleo = new("3", "Cleo");
    private static readonly Actor _root = new("4", "Root");
    private static readonly Actor _dora = new("5", "Dora");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));
    private LuiDatabase _database = null!;
    private JobStore _jobs = null!;
    private PeopleStore _people = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = postgres is null ? LuiDatabase.OnSqlite() : await LuiDatabase.OnPostgres(postgres);
        _jobs = new JobStore(_database.Database, _clock);
        _people = new PeopleStore(_database.Database);
        await Tell(StepRight.See, fourEyes: false);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _database.DisposeAsync();
    }

    [Fact]
    public async Task Lists_show_the_jobs_of_the_own_group_and_administrators_all()
    {
        var (press, fair, free) = (await Create(_ada, "Press"), await Create(_cleo, "Fair"), await Create(_dora, "Free"));

        Assert.Equal([press.Code], await Found(_ben));
        Assert.Equal([fair.Code], await Found(_cleo));
        Assert.Equal([free.Code], await Found(_dora));
        Assert.Equal([free.Code], await Found(new Actor("99", "Just come")));
        Assert.Equal([free.Code, fair.Code, press.Code], await Found(_root));
        Assert.Equal([free.Code, fair.Code, press.Code], await Found(new Actor("token:1", "program")));

        await Tell(StepRight.None, fourEyes: false);
        Assert.Empty(await Found(_ben));
        Assert.Equal([press.Code], await Found(_ada));
    }

    [Fact]
    public async Task The_groups_rule_counts_until_the_owner_decides_otherwise()
    {
        var job = await Create(_ada, "Press");
        Assert.Equal("team.only-sees", (await Rename(job, _ben)).Refusal.Code);
        Assert.Equal("job.not-found", (await Rename(job, _cleo)).Refusal.Code);

        Assert.Equal("team.not-owner", (await Decide(job, _ben, _ben, StepRights.All(StepRight.Edit))).Refusal.Code);
        Assert.Equal("team.no-such-person", (await Decide(job, _ada, _cleo, StepRights.All(StepRight.Edit))).Refusal.Code);
        Assert.False((await Decide(job, _ada, _ben, StepRights.All(StepRight.See).With(JobStep.Schedule, StepRight.Edit))).IsRefused);

        Assert.False((await Schedule(job, _ben)).IsRefused);
        Assert.Equal("team.not-yours", (await _jobs.Change(job.Id, null, one => one.SendAs(new JobSender("", "a@b.example"), JobWay.Engine, _ben, _clock.GetUtcNow()), _ => Line(_ben), Stop)).Refusal.Code);
        Assert.Null((await _jobs.Find(job.Id, Stop))!.Sender);

        Assert.False((await Decide(job, _root, _ben, null)).IsRefused);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("team.not-yours", (await Schedule(job, _ben)).Refusal.Code);
        Assert.Equal(["team", "scheduled", "team", "created"], (await _jobs.Journal(job.Id, Stop)).Select(line => line.Kind));
    }

    [Fact]
    public async Task Only_who_may_change_all_of_a_job_deletes_it_and_its_rights_go_with_it()
    {
        var job = await Create(_ada, "Press");
        await Decide(job, _ada, _ben, StepRights.All(StepRight.Edit).With(JobStep.Test, StepRight.None));
        Assert.Equal("team.not-all", (await _jobs.Delete(job.Id, _ben, Stop)).Refusal.Code);
        Assert.NotNull(await _jobs.Find(job.Id, Stop));

        await Decide(job, _ada, _ben, StepRights.All(StepRight.Edit));
        Assert.False((await _jobs.Delete(job.Id, _ben, Stop)).IsRefused);
        Assert.Empty(await new TeamStore(_database.Database).Of(job.Id, Stop));
    }

    [Fact]
    public async Task A_job_that_is_given_away_goes_to_the_new_owners_group()
    {
        var job = await Create(_ada, "Press");
        var use = new TransferJob(_jobs, _people, _clock);

        Assert.Equal("team.not-owner", (await Give(_ben, "2")).Refusal.Code);
        Assert.Equal("team.no-such-person", (await Give(_ada, "77")).Refusal.Code);
        Assert.Equal(_cleo, (await Give(_ada, "3")).Value.Owner);

        Assert.Equal([job.Code], await Found(_cleo));
        Assert.Empty(await Found(_ada));

        Task<Outcome<Job>> Give(Actor who, string to) => use.Handle(new(job.Id, who, to), Stop);
    }

    [Fact]
    public async Task A_group_that_asks_for_four_eyes_lets_nobody_authorise_what_he_edited_last()
    {
        var settings = new FourEyes(new JobSettings());
        var job = (await Schedule(await Create(_ada, "Press"), _ada)).Value;
        Assert.Null(settings.Refuse(job, _ada));

        await Tell(StepRight.Edit, fourEyes: true);
        job = (await _jobs.Find(job.Id, Stop))!;

        Assert.True(job.GroupFourEyes);
        Assert.Equal("approval.own-edit", settings.Refuse(job, _ada)!.Code);
        Assert.Null(settings.Refuse(job, _ben));
        Assert.False((await _jobs.Find((await Create(_cleo, "Fair")).Id, Stop))!.GroupFourEyes);
    }

    [Fact]
    public async Task A_token_of_an_account_has_its_rights_and_no_more()
    {
        var job = await Create(_ada, "Press");
        var program = new Actor("token:5", "program");
        Assert.False((await Rename(job, program)).IsRefused);

        await _database.Database.Write(
            transaction => transaction.Connection!.ExecuteAsync("INSERT INTO token_person (token_id, person_id) VALUES (5, '2')", transaction: transaction), Stop);

        Assert.Equal("team.only-sees", (await Rename(job, program)).Refusal.Code);
        Assert.Equal([job.Code], await Found(program));
        Assert.True((await Rights(job, program)).MaySee(JobStep.Content));
    }

    [Fact]
    public async Task What_hub_says_replaces_what_was_known_only_if_it_differs()
    {
        Assert.False(await Tell(StepRight.See, fourEyes: false));
        Assert.True(await Tell(StepRight.See, fourEyes: true));
        Assert.Equal(["Ada", "Ben", "Cleo", "Dora", "Root"], (await _people.All(Stop)).Select(person => person.DisplayName));
        Assert.Equal([("Fairs", false), ("Press", true)], (await _people.Groups(Stop)).Select(group => (group.Name, group.FourEyes)));
    }

    private static JournalEntry Line(Actor who) => new(DateTimeOffset.UnixEpoch, who, "sender", "");

    private Task<bool> Tell(StepRight others, bool fourEyes) => _people.Replace(
        [Of(_ada, 1), Of(_ben, 1), Of(_cleo, 2), Of(_root, 0) with { Administrator = true }, Of(_dora, 0)],
        [new PersonGroup(1, "Press", fourEyes, others), new PersonGroup(2, "Fairs", false, StepRight.Edit)],
        Stop);

    private static Person Of(Actor who, long group) => new(who.Id, who.Name, who.Name, "", "", Administrator: false, Disabled: false, group);

    private async Task<Job> Create(Actor owner, string title) =>
        (await new CreateJob(_jobs, new InstallationZone(new JobSettings { TimeZone = "UTC" }, _clock), _clock).Handle(new(title, owner), Stop)).Value;

    private Task<Outcome<Job>> Rename(Job job, Actor who) => new RenameJob(_jobs, _clock).Handle(new(job.Id, "Other", who), Stop);

    private Task<Outcome<Job>> Schedule(Job job, Actor who) => _jobs.Change(
        job.Id, null, one => one.ScheduleFor(new JobSchedule(null, "UTC"), who, _clock.GetUtcNow()), _ => Line(who) with { Kind = "scheduled" }, Stop);

    private Task<Outcome<Job>> Decide(Job job, Actor who, Actor about, StepRights? rights) =>
        new SetRights(_database.Database, _jobs, new ReadTeam(_people, new TeamStore(_database.Database)), _clock).Handle(new(job.Id, who, new Dictionary<string, StepRights?> { [about.Id] = rights }), Stop);

    private Task<JobRights> Rights(Job job, Actor who) => new RightsReader(_database.Database).Of(job, who, Stop);

    private async Task<IEnumerable<string>> Found(Actor who) => (await _jobs.List(new JobQuery(Viewer: who), Stop)).Jobs.Select(job => job.Code);
}

public sealed class TeamsOnSqlite() : TeamsSpec(null);

public sealed class TeamsOnPostgres(PostgresServer postgres) : TeamsSpec(postgres);
