// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Accounts;
using Tutti.Hub.Servers;
using Tutti.Hub.SignIn;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Tests.Accounts;

/// <summary>What administrators do with accounts, on every database.</summary>
public abstract class AccountsSpec(PostgresServer? postgres) : IAsyncLifetime
{
    private static readonly Doer _root = new("root", "192.0.2.1");
    private HubOnDisk _hub = null!;
    private Account _admin = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await HubOnDisk.On(postgres);
        await FirstAdministrator.Create(_hub.Database, "admin", "correct horse", _hub.Clock, Stop);
        _admin = (await _hub.Accounts.Find("admin", Stop))!;
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _hub.DisposeAsync();
    }

    [Fact]
    public async Task A_new_account_signs_in_with_the_password_that_was_made_for_it()
    {
        var created = (await Create("Anna", password: "")).Value;

        Assert.Equal((false, "Anna Example", "Europe/Berlin"), (created.Account.Administrator, created.Account.DisplayName, created.Account.TimeZone));
        Assert.Equal(created.Account, (await SignIn("anna", created.Made!)).Account);
        Assert.Equal(["admin", "Anna"], (await _hub.Accounts.All(Stop)).Select(account => account.Name));
    }

    [Fact]
    public async Task A_password_that_was_given_is_not_shown_again_and_two_made_ones_differ()
    {
        Assert.Null((await Create("anna", password: "a good password")).Value.Made);
        Assert.NotEqual((await Create("ben", "")).Value.Made, (await Create("cleo", "")).Value.Made);
    }

    [Theory]
    [InlineData("two words", "a good password", "", "account.bad-name", "Name")]
    [InlineData("anna", "short", "", "account.short-password", "Password")]
    [InlineData("anna", "a good password", "Mars/Olympus", "account.unknown-zone", "TimeZone")]
    [InlineData("ADMIN", "a good password", "", "account.name-taken", "Name")]
    public async Task What_an_account_cannot_be_is_refused_at_its_field(string name, string password, string zone, string code, string field)
    {
        var refusal = (await Use().Create.Handle(new(name, "", zone, false, password, _root), Stop)).Refusal;

        Assert.Equal((code, field), (refusal.Code, refusal.Field));
        Assert.Equal(1, await _hub.Accounts.Count(Stop));
    }

    [Fact]
    public async Task A_disabled_account_is_turned_away_like_one_with_a_wrong_password_and_what_it_has_open_ends()
    {
        var anna = (await Create("anna", "a good password")).Value.Account;
        Assert.True(await Standing(anna));

        var disabled = (await Use().Admit.Handle(new(anna.Id, Admit: false, _root), Stop)).Value;

        Assert.Equal(_hub.Clock.GetUtcNow(), disabled.DisabledAt);
        Assert.False(await Standing(anna));
        Assert.Equal(CheckSignIn.Verdict.Refused, await SignIn("anna", "a good password"));
        Assert.Null(await new IssueTicket(_hub.Accounts, new SignInTickets(_hub.Clock)).Handle("anna", Stop));

        await Use().Admit.Handle(new(anna.Id, Admit: true, _root), Stop);
        Assert.NotNull((await SignIn("anna", "a good password")).Account);
        Assert.False(await Standing(anna));
    }

    [Fact]
    public async Task A_new_password_makes_the_old_one_worthless_and_ends_what_was_open()
    {
        var anna = (await Create("anna", "a good password")).Value.Account;

        var (changed, password) = (await Use().Reset.Handle(new(anna.Id, _root), Stop)).Value;

        Assert.False(await Standing(anna));
        Assert.True(await Standing(changed));
        Assert.Null((await SignIn("anna", "a good password")).Account);
        Assert.NotNull((await SignIn("anna", password)).Account);
    }

    [Fact]
    public async Task Another_role_asks_for_another_sign_in_and_another_name_does_not()
    {
        var anna = (await Create("anna", "a good password")).Value.Account;

        await Use().Edit.Handle(new(anna.Id, " Anna B. ", "", Administrator: false, _root), Stop);
        Assert.True(await Standing(anna));
        var raised = (await Use().Edit.Handle(new(anna.Id, "Anna B.", "", Administrator: true, _root), Stop)).Value;

        Assert.Equal(("Anna B.", "", true), (raised.DisplayName, raised.TimeZone, raised.MayAdminister));
        Assert.False(await Standing(anna));
        Assert.Equal("account.bad-display-name", (await Use().Edit.Handle(new(anna.Id, " ", "", true, _root), Stop)).Refusal.Code);
        Assert.Equal("account.not-found", (await Use().Edit.Handle(new(99, "Anna", "", true, _root), Stop)).Refusal.Code);
    }

    [Fact]
    public async Task Somebody_who_may_administer_is_always_left()
    {
        Assert.Equal("account.last-administrator", (await Use().Admit.Handle(new(_admin.Id, Admit: false, _root), Stop)).Refusal.Code);
        Assert.Equal("account.last-administrator", (await Use().Edit.Handle(new(_admin.Id, "admin", "", Administrator: false, _root), Stop)).Refusal.Code);

        var other = (await Use().Create.Handle(new("other", "", "", Administrator: true, "a good password", _root), Stop)).Value.Account;
        var both = await Task.WhenAll(
            Use().Admit.Handle(new(_admin.Id, Admit: false, _root), Stop),
            Use().Admit.Handle(new(other.Id, Admit: false, _root), Stop));

        Assert.Single(both, outcome => outcome.IsRefused);
        Assert.Single(await _hub.Accounts.All(Stop), account => account.MayAdminister);
    }

    [Fact]
    public async Task What_was_done_to_accounts_is_written_down_and_what_was_refused_is_not()
    {
        var anna = (await Create("anna", "a good password")).Value.Account;
        await Use().Edit.Handle(new(anna.Id, "Anna", "", Administrator: true, _root), Stop);
        await Use().Edit.Handle(new(anna.Id, "", "", Administrator: true, _root), Stop);
        await Use().Reset.Handle(new(anna.Id, _root), Stop);
        await Use().Admit.Handle(new(anna.Id, Admit: false, _root), Stop);
        await Use().Admit.Handle(new(anna.Id, Admit: true, _root), Stop);

        var entries = (await _hub.Audit.Newest(10, Stop)).Where(entry => entry.Account == "root").ToList();
        Assert.Equal(["account.enabled", "account.disabled", "account.new-password", "account.changed", "account.created"], entries.Select(entry => entry.What));
        Assert.All(entries, entry => Assert.StartsWith("anna", entry.Detail, StringComparison.Ordinal));
    }

    private Task<bool> Standing(Account account) => new Standing(_hub.Accounts).Is(account.Id, account.Stamp, Stop);

    private Task<CheckSignIn.Verdict> SignIn(string name, string password) => _hub.CheckSignIn.Handle(new(name, password, ""), Stop);

    private Task<Outcome<(Account Account, string? Made)>> Create(string name, string password) =>
        Use().Create.Handle(new(name, $"{name} Example", "Europe/Berlin", Administrator: false, password, _root), Stop);

    private (CreateAccount Create, EditAccount Edit, AdmitAccount Admit, ResetPassword Reset) Use() => (
        new CreateAccount(_hub.Accounts, _hub.Passwords, _hub.Audit, _hub.Clock),
        new EditAccount(_hub.Accounts, _hub.Audit),
        new AdmitAccount(_hub.Accounts, _hub.Audit, _hub.Clock),
        new ResetPassword(_hub.Accounts, _hub.Passwords, _hub.Audit));
}

public sealed class AccountsOnSqlite() : AccountsSpec(null);

public sealed class AccountsOnPostgres(PostgresServer postgres) : AccountsSpec(postgres);
