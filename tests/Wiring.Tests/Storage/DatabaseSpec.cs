// SPDX-License-Identifier: Apache-2.0
using System.Xml.Linq;
using Dapper;
using Microsoft.Extensions.Time.Testing;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Wiring.Tests.Storage;

public abstract class DatabaseSpec : IAsyncLifetime
{
    private Database _database = null!;

    private protected Database Subject => _database;

    public async ValueTask InitializeAsync()
    {
        _database = await Create();
        _database.Migrate(typeof(DatabaseSpec).Assembly);
    }

    [Fact]
    public async Task What_is_written_is_committed_and_what_throws_is_not()
    {
        await _database.Write(transaction => transaction.Connection!.ExecuteAsync("INSERT INTO thing (id, name) VALUES (1, 'kept')", transaction: transaction), Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _database.Write(
            async transaction =>
            {
                await transaction.Connection!.ExecuteAsync("INSERT INTO thing (id, name) VALUES (2, 'lost')", transaction: transaction);
                throw new InvalidOperationException();
            },
            Token));

        Assert.Equal(["kept"], await Names());
    }

    [Fact]
    public async Task A_lease_is_one_nodes_until_it_ends_or_is_let_go()
    {
        var clock = new FakeTimeProvider();
        var (here, there) = (new Leases(_database, "here:1099", clock), new Leases(_database, "there:1099", clock));

        Assert.True(await here.Keep("job 1", Token));
        Assert.False(await there.Keep("job 1", Token));
        Assert.True(await there.Keep("job 2", Token));
        Assert.True(await new Leases(_database, "here:1099", clock).Keep("job 1", Token));

        // Its holder has been silent for longer than a lease lasts.
        await _database.Write(transaction => transaction.Connection!.ExecuteAsync("UPDATE lease SET ends_at = ends_at - 20000 WHERE name = 'job 1'", transaction: transaction), Token);
        Assert.True(await there.Keep("job 1", Token));
        clock.Advance(Leases.Length / 2);
        Assert.False(await here.Keep("job 1", Token));

        await there.Release("job 1", Token);
        Assert.True(await here.Keep("job 1", Token));
        await there.ReleaseAll(Token);
        Assert.True(await here.Keep("job 2", Token));
    }

    [Fact]
    public async Task Of_many_nodes_at_once_one_gets_a_lease()
    {
        var nodes = Enumerable.Range(0, 8).Select(number => new Leases(_database, $"node{number}:1099", TimeProvider.System));

        var got = await Task.WhenAll(nodes.Select(node => Task.Run(() => node.Keep("feed 1", Token))));

        Assert.Single(got, isOurs => isOurs);
    }

    [Fact]
    public async Task Keys_that_one_node_stored_are_read_by_another()
    {
        new DatabaseKeys(_database).StoreElement(new XElement("key", new XAttribute("id", "1"), "secret <&>"), "key-1");

        Assert.Equal("<key id=\"1\">secret &lt;&amp;&gt;</key>", Assert.Single(new DatabaseKeys(_database).GetAllElements()).ToString(SaveOptions.DisableFormatting));
    }

    [Fact]
    public async Task Many_writers_at_once_all_come_through()
    {
        await Task.WhenAll(Enumerable.Range(1, 50).Select(id => Task.Run(() => _database.Write(
            async transaction =>
            {
                var count = await transaction.Connection!.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM thing", transaction: transaction);
                await transaction.Connection!.ExecuteAsync("INSERT INTO thing (id, name) VALUES (@id, @name)", new { id, name = $"{count}" }, transaction);
            },
            Token))));

        Assert.Equal(50, (await Names()).Count);
    }

    [Fact]
    public async Task Migrations_run_once_in_order_and_their_engine_s_own_variant_is_taken()
    {
        _database.Migrate(typeof(DatabaseSpec).Assembly);

        Assert.Equal([Subject.Dialect.ToString()], await Query("SELECT engine FROM flavour"));
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await Release();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<Database> Create();

    private protected virtual ValueTask Release() => ValueTask.CompletedTask;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<IReadOnlyList<string>> Names() => Query("SELECT name FROM thing ORDER BY id");

    private async Task<IReadOnlyList<string>> Query(string sql)
    {
        await using var connection = await _database.Open(Token);
        return [.. await connection.QueryAsync<string>(sql)];
    }
}

public sealed class DatabaseOnSqlite : DatabaseSpec
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Every_commit_is_on_disk_and_foreign_keys_count()
    {
        await using var connection = await Subject.Open(TestContext.Current.CancellationToken);

        Assert.Equal("wal", await connection.ExecuteScalarAsync<string>("PRAGMA journal_mode"));
        Assert.Equal(2, await connection.ExecuteScalarAsync<int>("PRAGMA synchronous"));
        Assert.Equal(1, await connection.ExecuteScalarAsync<int>("PRAGMA foreign_keys"));
    }

    private protected override Task<Database> Create() => Task.FromResult(Database.OnSqlite(_folder.File("x.sqlite")));

    private protected override ValueTask Release()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class DatabaseOnPostgres(PostgresServer server) : DatabaseSpec
{
    private protected override async Task<Database> Create() => Database.OnPostgres(await server.CreateDatabase(), "part");
}
