// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Groups;
using Tutti.Hub.Servers;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Tests.Groups;

/// <summary>What administrators do with groups, on every database.</summary>
public abstract class GroupsSpec(PostgresServer? postgres) : IAsyncLifetime
{
    private static readonly Doer _root = new("root", "192.0.2.1");
    private HubOnDisk _hub = null!;
    private GroupStore _groups = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await HubOnDisk.On(postgres);
        _groups = new GroupStore(_hub.Database);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _hub.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_comes_into_a_group_leaves_the_one_before()
    {
        var (anna, ben) = (await _hub.Add("anna", "a good password"), await _hub.Add("ben", "a good password"));

        var press = (await Save(null, "Press", [anna.Id, ben.Id])).Value;
        var events = (await Save(null, " Events ", [ben.Id], fourEyes: true, OthersMay.See)).Value;

        Assert.Equal(["Events", "Press"], (await _groups.All(Stop)).Select(group => group.Name));
        Assert.Equal((true, OthersMay.See), (events.FourEyes, events.Others));
        Assert.Equal([press.Id, events.Id], (await _hub.Accounts.All(Stop)).Select(account => account.GroupId ?? 0));

        await Save(events.Id, "Fairs", []);
        Assert.Null((await _hub.Accounts.Find(ben.Id, Stop))!.GroupId);
        Assert.Equal("Fairs", (await _groups.All(Stop))[0].Name);
    }

    [Fact]
    public async Task A_group_that_ends_leaves_its_accounts_without_one()
    {
        var anna = await _hub.Add("anna", "a good password");
        var press = (await Save(null, "Press", [anna.Id])).Value;
        var use = new DeleteGroup(_groups, _hub.Audit);

        Assert.Equal("Press", (await use.Handle(new(press.Id, _root), Stop)).Value.Name);
        Assert.Equal("group.not-found", (await use.Handle(new(press.Id, _root), Stop)).Refusal.Code);

        Assert.Empty(await _groups.All(Stop));
        Assert.Null((await _hub.Accounts.Find(anna.Id, Stop))!.GroupId);
        Assert.Equal(["group.deleted", "group.created"], (await _hub.Audit.Newest(10, Stop)).Select(entry => entry.What));
    }

    [Fact]
    public async Task Names_are_each_there_once_and_never_empty()
    {
        await Save(null, "Press", []);

        Assert.Equal(("group.name-taken", "Name"), Of(await Save(null, "PRESS", [])));
        Assert.Equal(("group.bad-name", "Name"), Of(await Save(null, "  ", [])));
        Assert.Equal("group.not-found", (await Save(77, "Fairs", [])).Refusal.Code);
        Assert.Single(await _groups.All(Stop));
    }

    [Fact]
    public async Task Rules_of_a_group_and_of_the_installation_are_kept_and_stand_in_the_audit_log()
    {
        var use = new SaveGroup(_groups, _hub.Audit, _hub.Clock);
        var press = (await use.Handle(new(null, "Press", false, OthersMay.Edit, [], _root) { LateSenders = true, Evaluation = true }, Stop)).Value;
        Assert.Equal((true, true), Rules(Assert.Single(await _groups.All(Stop))));
        await use.Handle(new(press.Id, "Press", false, OthersMay.Edit, [], _root) { LateSenders = true }, Stop);
        Assert.Equal((true, false), Rules(Assert.Single(await _groups.All(Stop))));

        Assert.False(await _groups.IsEvaluation(Stop));
        await new SetEvaluation(_groups, _hub.Audit).Handle(new(On: true, _root), Stop);
        Assert.True(await _groups.IsEvaluation(Stop));
        await new SetEvaluation(_groups, _hub.Audit).Handle(new(On: false, _root), Stop);
        Assert.False(await _groups.IsEvaluation(Stop));
        Assert.Equal(["evaluation.off", "evaluation.on", "group.changed", "group.created"], (await _hub.Audit.Newest(10, Stop)).Select(entry => entry.What));
    }

    private static (bool, bool) Rules(Group group) => (group.LateSenders, group.Evaluation);

    private static (string, string?) Of(Outcome<Group> outcome) => (outcome.Refusal.Code, outcome.Refusal.Field);

    private Task<Outcome<Group>> Save(long? id, string name, long[] members, bool fourEyes = false, OthersMay others = OthersMay.Edit) =>
        new SaveGroup(_groups, _hub.Audit, _hub.Clock).Handle(new(id, name, fourEyes, others, members, _root), Stop);
}

public sealed class GroupsOnSqlite() : GroupsSpec(null);

public sealed class GroupsOnPostgres(PostgresServer postgres) : GroupsSpec(postgres);
