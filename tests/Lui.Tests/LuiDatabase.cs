// SPDX-License-Identifier: Apache-2.0
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests;

/// <summary>A system database of a test's own, with the schema of today.</summary>
internal sealed class LuiDatabase : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private LuiDatabase(Func<TemporaryFolder, Database> open)
    {
        Database = open(_folder);
        Database.Migrate(typeof(UserInterface).Assembly);
    }

    public Database Database { get; }

    /// <summary>A folder that goes with the database.</summary>
    public TemporaryFolder Folder => _folder;

    public static LuiDatabase OnSqlite() => new(folder => Database.OnSqlite(folder.File("lui.sqlite")));

    public static async Task<LuiDatabase> OnPostgres(PostgresServer server)
    {
        var url = await server.CreateDatabase();
        return new LuiDatabase(_ => Database.OnPostgres(url, "lui"));
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _folder.Dispose();
    }
}
