// SPDX-License-Identifier: Apache-2.0
using Tutti.Testing;
using Tutti.Wiring.Storage;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Tutti.Dst.Tests;

/// <summary>An empty store on one of the engines, with the schema of a fresh installation.</summary>
public sealed class Store : IAsyncDisposable
{
    private readonly TemporaryFolder? _folder;

    private Store(Database database, TemporaryFolder? folder)
    {
        (Database, _folder) = (database, folder);
        Database.Migrate(typeof(Distributor).Assembly);
    }

    public Database Database { get; }

    public static Store OnSqlite()
    {
        var folder = new TemporaryFolder();
        return new Store(Database.OnSqlite(folder.File("dst.sqlite")), folder);
    }

    public static async Task<Store> OnPostgres(PostgresServer server) => new(Database.OnPostgres(await server.CreateDatabase(), "dst"), null);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _folder?.Dispose();
    }
}

/// <summary>Tests that every store must pass, whatever engine is below.</summary>
public abstract class StoreSpec : IAsyncLifetime
{
    private protected Store Store { get; private set; } = null!;

    private protected Database Database => Store.Database;

    public virtual async ValueTask InitializeAsync() => Store = await MakeStore();

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Store.DisposeAsync();
    }

    private protected abstract Task<Store> MakeStore();
}
