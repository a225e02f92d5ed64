// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tutti.Hub.Accounts;
using Tutti.Hub.Audit;
using Tutti.Hub.Components;
using Tutti.Hub.SignIn;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Hub.Tests;

/// <summary>A hub's stores and rules over a real database, with a clock that the test moves.</summary>
internal sealed class HubOnDisk : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private HubOnDisk(Func<TemporaryFolder, Database> open)
    {
        Database = open(_folder);
        Database.Migrate(typeof(AdministrationHub).Assembly);
        Accounts = new AccountStore(Database);
        Audit = new AuditStore(Database, Clock);
        Servers = new ServerStore(Database, Clock);
        Keys = new LinkKeyStore(Database, Clock);
        CheckSignIn = new CheckSignIn(
            Accounts, Passwords, new SignInFailureStore(Database), Audit, new SignInSettings(), Clock, NullLogger<CheckSignIn>.Instance);
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    public Database Database { get; }

    public Passwords Passwords { get; } = new(rounds: 10);

    public AccountStore Accounts { get; }

    public AuditStore Audit { get; }

    public ServerStore Servers { get; }

    public LinkKeyStore Keys { get; }

    public CheckSignIn CheckSignIn { get; }

    public static async Task<HubOnDisk> On(PostgresServer? postgres)
    {
        var connection = postgres is null ? "" : await postgres.CreateDatabase();
        return new HubOnDisk(folder => postgres is null ? Database.OnSqlite(folder.File("hub.sqlite")) : Database.OnPostgres(connection, "hub"));
    }

    public async Task<Account> Add(string name, string password)
    {
        var account = new Account(0, name, name, Passwords.Hash(password), Administrator: false, Clock.GetUtcNow());
        return (await Accounts.Add(account, onlyAsFirst: false, CancellationToken.None)).Value;
    }

    public async ValueTask DisposeAsync()
    {
        CheckSignIn.Dispose();
        await Database.DisposeAsync();
        _folder.Dispose();
    }
}
