// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Time.Testing;
using Tutti.Lui.Folders;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Lui.Jobs.Listing;
using Tutti.Lui.Teams;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Tests.Folders;

/// <summary>Where jobs lie and how they are found, on every database.</summary>
public abstract class FoldersSpec(PostgresServer? postgres) : IAsyncLifetime
{
    private static readonly Actor _ada = new("1", "Ada");
    private static readonly Actor _ben = new("2", "Ben");
    private static readonly Actor _cleo = new("3", "Cleo");
    private static readonly Actor _root = new("4", "Root");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));
    private LuiDatabase _database = null!;
    private JobStore _jobs = null!;
    private FolderStore _folders = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = postgres is null ? LuiDatabase.OnSqlite() : await LuiDatabase.OnPostgres(postgres);
        _jobs = new JobStore(_database.Database, _clock);
        _folders = new FolderStore(_database.Database);
        await new PeopleStore(_database.Database).Replace(
            [Of(_ada, 1), Of(_ben, 1), Of(_cleo, 2), Of(_root, 0) with { Administrator = true }], [new PersonGroup(1, "Press", false, StepRight.Edit), new PersonGroup(2, "Fairs", false, StepRight.See)], Stop);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _database.DisposeAsync();
    }

    [Fact]
    public async Task A_folder_is_shared_by_its_group_and_hidden_from_others()
    {
        var letters = (await Save(_ada, 0, " Letters ")).Value;
        var spring = (await Save(_ben, 0, "Spring", letters.Id)).Value;

        Assert.Equal(["Letters", "Spring"], (await _folders.Of(_ben, Stop)).Select(folder => folder.Name));
        Assert.Empty(await _folders.Of(_cleo, Stop));
        Assert.Equal(2, (await _folders.Of(_root, Stop)).Count);
        Assert.Equal("folder.not-found", (await Save(_cleo, spring.Id, "Mine")).Refusal.Code);
        Assert.Equal("folder.not-found", (await _folders.Delete(_cleo, spring.Id, Stop)).Refusal.Code);
        Assert.Equal("folder.name-taken", (await Save(_ada, 0, "LETTERS")).Refusal.Code);
        Assert.Equal("Letters / Spring", FolderView.Of(await _folders.Of(_ada, Stop))[1].Path);
    }

    [Fact]
    public async Task A_folder_lies_neither_in_itself_nor_too_deep_and_never_has_a_bad_name()
    {
        var top = (await Save(_ada, 0, "1")).Value;
        var (below, depth) = (top, 1);
        while (depth++ < Folder.Deepest)
        {
            below = (await Save(_ada, 0, $"{depth}", below.Id)).Value;
        }

        Assert.Equal("folder.too-deep", (await Save(_ada, 0, "9", below.Id)).Refusal.Code);
        Assert.Equal("folder.in-itself", (await Save(_ada, top.Id, "1", below.Id)).Refusal.Code);
        Assert.Equal("folder.in-itself", (await Save(_ada, top.Id, "1", top.Id)).Refusal.Code);
        Assert.Equal("folder.name", (await Save(_ada, 0, " ")).Refusal.Code);
        var other = (await Save(_ada, 0, "other")).Value;
        Assert.Equal("folder.too-deep", (await Save(_ada, top.Id, "1", other.Id)).Refusal.Code);
    }

    [Fact]
    public async Task What_lies_in_a_folder_is_found_with_what_lies_below_and_goes_up_when_it_ends()
    {
        var letters = (await Save(_ada, 0, "Letters")).Value;
        var spring = (await Save(_ada, 0, "Spring", letters.Id)).Value;
        var (a, b, c) = (await Create(_ada, "A", letters.Id), await Create(_ben, "B", spring.Id), await Create(_ada, "C"));

        Assert.Equal([b.Code, a.Code], await Found(new JobQuery(Viewer: _ada, Folder: letters.Id)));
        Assert.Equal([b.Code], await Found(new JobQuery(Viewer: _ada, Folder: spring.Id)));
        Assert.Equal([c.Code], await Found(new JobQuery(Viewer: _ada, Folder: 0)));
        Assert.Equal(new Dictionary<long, long> { [0] = 1, [letters.Id] = 1, [spring.Id] = 1 }, await _folders.Counts(_ada, Stop));

        await _folders.Delete(_ada, spring.Id, Stop);
        Assert.Equal(letters.Id, (await _jobs.Find(b.Id, Stop))!.FolderId);
        await _folders.Delete(_ada, letters.Id, Stop);
        Assert.Null((await _jobs.Find(b.Id, Stop))!.FolderId);
        Assert.Null((await Create(_cleo, "D", letters.Id)).FolderId);
    }

    [Fact]
    public async Task Several_jobs_move_together_or_not_at_all()
    {
        var letters = (await Save(_ada, 0, "Letters")).Value;
        var (a, b, foreign) = (await Create(_ada, "A"), await Create(_ben, "B"), await Create(_cleo, "C"));
        var move = new MoveJobs(_database.Database, _jobs, _folders, _clock);

        Assert.Equal("job.not-found", (await move.Handle(new(_ada, [a.Id, foreign.Id], letters.Id), Stop)).Refusal.Code);
        Assert.Null((await _jobs.Find(a.Id, Stop))!.FolderId);
        Assert.Equal("folder.not-found", (await move.Handle(new(_cleo, [foreign.Id], letters.Id), Stop)).Refusal.Code);

        Assert.Equal(2, (await move.Handle(new(_ada, [a.Id, b.Id], letters.Id), Stop)).Value);
        Assert.Equal([b.Code, a.Code], await Found(new JobQuery(Viewer: _ada, Folder: letters.Id)));
        Assert.Equal("moved", (await _jobs.Journal(a.Id, Stop))[0].Kind);
        await move.Handle(new(_ada, [a.Id], Folder: null), Stop);
        Assert.Null((await _jobs.Find(a.Id, Stop))!.FolderId);
    }

    [Fact]
    public async Task Jobs_are_found_by_title_code_and_owner_in_the_order_that_was_asked_for()
    {
        var (late, early, other) = (await Create(_ada, "Zebra 100%"), await Create(_ada, "apple"), await Create(_ben, "Melon"));

        Assert.Equal([early.Code, other.Code, late.Code], await Found(new JobQuery(Viewer: _ada, Order: JobOrder.Title)));
        Assert.Equal([other.Code, early.Code, late.Code], await Found(new JobQuery(Viewer: _ada, Order: JobOrder.Time)));
        Assert.Equal([late.Code], await Found(new JobQuery(Search: "100%", Viewer: _ada)));
        Assert.Equal([other.Code], await Found(new JobQuery(Search: "BEN", Viewer: _ada)));
        Assert.Equal([other.Code], await Found(new JobQuery(Viewer: _ada, Owner: "2")));
        Assert.Equal([early.Code], await Found(new JobQuery(Search: early.Code.ToLowerInvariant(), Viewer: _ada)));
    }

    private static Person Of(Actor who, long group) => new(who.Id, who.Name, who.Name, "", "", Administrator: false, Disabled: false, group);

    private Task<Outcome<Folder>> Save(Actor who, long id, string name, long? parent = null) => new SaveFolder(_folders).Handle(new(who, id, name, parent), Stop);

    private async Task<Job> Create(Actor owner, string title, long? folder = null) =>
        (await new CreateJob(_jobs, new InstallationZone(new JobSettings { TimeZone = "UTC" }, _clock), _clock).Handle(new(title, owner, folder), Stop)).Value;

    private async Task<IEnumerable<string>> Found(JobQuery query) => (await _jobs.List(query, Stop)).Jobs.Select(job => job.Code);
}

public sealed class FoldersOnSqlite() : FoldersSpec(null);

public sealed class FoldersOnPostgres(PostgresServer postgres) : FoldersSpec(postgres);
