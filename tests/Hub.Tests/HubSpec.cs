// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Accounts;
using Tutti.Hub.Components;
using Tutti.Hub.SignIn;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Tests;

/// <summary>What the hub promises of accounts, sign-in, servers and keys, on every database.</summary>
public abstract class HubSpec(PostgresServer? postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_administrator_is_made_only_once_and_can_sign_in()
    {
        await using var hub = await HubOnDisk.On(postgres);

        var first = await FirstAdministrator.Create(hub.Database, "Admin", "correct horse", hub.Clock, Stop);
        var second = await FirstAdministrator.Create(hub.Database, "other", "correct horse", hub.Clock, Stop);

        Assert.Equal("Admin", first.Value);
        Assert.Equal("account.already-set-up", second.Refusal.Code);
        var verdict = await hub.CheckSignIn.Handle(new("ADMIN", "correct horse", "192.0.2.1"), Stop);
        Assert.True(verdict.Account!.Administrator);
    }

    [Fact]
    public async Task A_short_password_and_a_bad_name_are_refused_at_set_up()
    {
        await using var hub = await HubOnDisk.On(postgres);

        Assert.Equal("account.short-password", (await FirstAdministrator.Create(hub.Database, "admin", "short", hub.Clock, Stop)).Refusal.Code);
        Assert.Equal("account.bad-name", (await FirstAdministrator.Create(hub.Database, "two words", "long enough", hub.Clock, Stop)).Refusal.Code);
        Assert.Equal(0, await hub.Accounts.Count(Stop));
    }

    [Fact]
    public async Task Two_accounts_cannot_bear_one_name_in_another_case()
    {
        await using var hub = await HubOnDisk.On(postgres);
        var anna = await hub.Add("Anna", "a good password");

        var again = await hub.Accounts.Add(anna with { Name = "ANNA" }, onlyAsFirst: false, Stop);

        Assert.Equal("account.name-taken", again.Refusal.Code);
    }

    [Fact]
    public async Task After_too_many_wrong_passwords_the_right_one_waits_until_the_lock_runs_out()
    {
        await using var hub = await HubOnDisk.On(postgres);
        await hub.Add("anna", "a good password");
        var settings = new SignInSettings();
        for (var i = 1; i < settings.Failures; i++)
        {
            Assert.Null((await hub.CheckSignIn.Handle(new("anna", "wrong", ""), Stop)).LockedUntil);
        }

        var last = await hub.CheckSignIn.Handle(new("anna", "wrong", ""), Stop);
        var locked = await hub.CheckSignIn.Handle(new("anna", "a good password", ""), Stop);
        hub.Clock.Advance(settings.LockFor);
        var after = await hub.CheckSignIn.Handle(new("anna", "a good password", ""), Stop);

        Assert.NotNull(last.LockedUntil);
        Assert.Null(locked.Account);
        Assert.Equal(last.LockedUntil, locked.LockedUntil);
        Assert.NotNull(after.Account);
    }

    [Fact]
    public async Task A_name_that_nobody_bears_is_locked_like_any_other()
    {
        await using var hub = await HubOnDisk.On(postgres);
        for (var i = 0; i < new SignInSettings().Failures; i++)
        {
            await hub.CheckSignIn.Handle(new("nobody", "wrong", ""), Stop);
        }

        var verdict = await hub.CheckSignIn.Handle(new("nobody", "wrong", ""), Stop);

        Assert.NotNull(verdict.LockedUntil);
    }

    [Fact]
    public async Task The_audit_log_tells_who_came_and_who_was_turned_away()
    {
        await using var hub = await HubOnDisk.On(postgres);
        await hub.Add("anna", "a good password");

        await hub.CheckSignIn.Handle(new("anna", "wrong\0", "192.0.2.7"), Stop);
        await hub.CheckSignIn.Handle(new("anna", "a good password", "192.0.2.7"), Stop);

        var entries = await hub.Audit.Newest(10, Stop);
        Assert.Equal(["sign-in.accepted", "sign-in.refused"], entries.Select(entry => entry.What));
        Assert.All(entries, entry => Assert.Equal("192.0.2.7", entry.ClientAddress));
    }

    [Fact]
    public async Task The_first_link_key_is_made_once_and_stays()
    {
        await using var hub = await HubOnDisk.On(postgres);

        var first = await hub.Keys.All(Stop);
        var later = await new LinkKeyStore(hub.Database, hub.Clock).All(Stop);

        Assert.Equal(1, Assert.Single(first).Id);
        Assert.Equal(LinkKeyStore.SecretLength, first[0].Secret.Length);
        Assert.Equal(first[0].Secret, Assert.Single(later).Secret);
    }

    [Fact]
    public async Task What_a_server_said_stays_while_it_is_silent_and_is_replaced_by_its_next_answer()
    {
        await using var hub = await HubOnDisk.On(postgres);
        await hub.Servers.Add("one.example", 1099, Stop);
        await hub.Servers.Add("one.example", 1099, Stop);
        var answer = new KnownServer("one.example", 1099, "1.0", hub.Clock.GetUtcNow(), hub.Clock.GetUtcNow(), TimeSpan.FromMilliseconds(12), null,
            [new("trk", 7000, "https://click.example", "running", true, ["disk is nearly full"], [new("Events", 3)])]);

        await hub.Servers.SaveAnswer(answer, Stop);
        await hub.Servers.SaveProblem("one.example", 1099, new Refusal(RefusalKind.Unavailable, "server.silent", "nothing answers"), Stop);
        var silent = Assert.Single(await hub.Servers.All(Stop));
        await hub.Servers.SaveAnswer(answer with { Components = [answer.Components[0] with { State = "stopped", PublicUrl = "" }] }, Stop);
        var stopped = Assert.Single(await hub.Servers.All(Stop));
        await hub.Servers.SaveAnswer(answer with { Components = [] }, Stop);
        var back = Assert.Single(await hub.Servers.All(Stop));

        Assert.False(silent.Answers);
        Assert.Equal(("stopped", "https://click.example"), (stopped.Components[0].State, stopped.Components[0].PublicUrl));
        Assert.Equivalent(answer.Components, silent.Components);
        Assert.True(back.IsWell);
        Assert.Empty(back.Components);
    }
}

public sealed class HubOnSqlite() : HubSpec(null);

public sealed class HubOnPostgres(PostgresServer postgres) : HubSpec(postgres);
