// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.DataProtection;
using Tutti.Lui.Databases;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients;
using Tutti.Lui.Recipients.Queries;
using Tutti.Lui.Tests.Recipients;
using Tutti.Testing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Tests.Databases;

/// <summary>What holds for each kind of database that recipients are read from. Each is a real one.</summary>
public abstract class DatabasesSpec : IAsyncLifetime
{
    private const string Table = "CREATE TABLE member (id INTEGER NOT NULL PRIMARY KEY, email VARCHAR(200), full_name VARCHAR(200), city VARCHAR(80), joined TIMESTAMP NULL, points NUMERIC(10, 2))";
    private const string Secret = "never to be seen";
    private LuiDatabase _database = null!;
    private RecipientsWorld _world = null!;
    private DatabaseConnectionStore _connections = null!;
    private ConnectionSecrets _secrets = null!;
    private QueryReader _reader = null!;
    private SaveDatabase _save = null!;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected LuiDatabase System => _database;

    /// <summary>The connection to an empty database, with what its own administrator uses to run a statement there.</summary>
    private protected abstract Task<(SaveDatabase.Command Connection, Func<string, Task> Run)> CreateSource();

    /// <summary>A statement that never ends by itself.</summary>
    private protected abstract string Endless { get; }

    private protected virtual Task<LuiDatabase> CreateDatabase() => Task.FromResult(LuiDatabase.OnSqlite());

    public async ValueTask InitializeAsync()
    {
        _database = await CreateDatabase();
        _world = new RecipientsWorld(_database.Database, _database.Folder.Path);
        await _world.Run();
        _connections = new DatabaseConnectionStore(_database.Database);
        _secrets = new ConnectionSecrets(new EphemeralDataProtectionProvider());
        _reader = new QueryReader(_secrets, TimeProvider.System);
        _save = new SaveDatabase(_connections, _secrets, _reader, new HomeFolder(_database.Folder.File("home")), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _world.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task The_rows_of_a_query_become_the_recipients_of_a_job()
    {
        var run = await Saved();
        await run(Table);
        await run("INSERT INTO member VALUES (1, 'a@rcpt.example', 'Ann \"A\", PhD', 'Bonn', '2026-01-02 00:00:00', 12.50), (2, 'nobody', NULL, 'Bonn', NULL, NULL), (3, 'c@rcpt.example', 'Cy', 'Ulm', '2026-01-02 03:04:05', 1), (4, 'A@rcpt.example', 'Dup', 'Bonn', NULL, 0)");

        var job = await _world.CreateJob();
        var source = await Taken(job, "SELECT email, full_name AS name, joined, points FROM member WHERE city = @city OR id = @id ORDER BY id", new("city", ParameterType.Text, "Bonn"), new("@ID", ParameterType.Number, "3"));

        Assert.Equal((SourceState.Ready, 2L, 1L, 1L, "crm"), (source.State, source.Valid, source.Invalid, source.Duplicates, source.FileName));
        Assert.Equal(["email", "name", "joined", "points"], source.Columns);
        var recipients = await _world.Recipients.Read(source.Id, 0, long.MaxValue, 10, Stop);
        Assert.Equal(["a@rcpt.example", "Ann \"A\", PhD"], recipients[0].Fields.Take(2));

        // SQLite has no type for moments, only texts.
        Assert.Equal(this is SqliteSource ? "2026-01-02 00:00:00" : "2026-01-02", recipients[0].Fields[2]);
        Assert.StartsWith("12.5", recipients[0].Fields[3], StringComparison.Ordinal);
        Assert.Equal(("c@rcpt.example", "Cy", "2026-01-02 03:04:05"), (recipients[1].Address, recipients[1].DisplayName, recipients[1].Fields[2]));
    }

    [Fact]
    public async Task A_statement_that_writes_changes_nothing()
    {
        var run = await Saved();
        await run(Table);
        await run("INSERT INTO member (id, email) VALUES (1, 'a@rcpt.example')");

        foreach (var sql in new[] { "DELETE FROM member", "DROP TABLE member", "INSERT INTO member (id) VALUES (2)", "CREATE TABLE other (id INTEGER)" })
        {
            // Past the rules for statements, so that the database itself has to say no.
            var outcome = await Read(new QueryStatement(sql, []));
            Assert.True(outcome.IsRefused, sql);
        }

        Assert.Equal("database.only-select", (await Look("DELETE FROM member")).Refusal.Code);
        Assert.Equal("database.one-statement", (await Look("SELECT 1; DELETE FROM member")).Refusal.Code);
        Assert.Equal([["1"]], (await Look("SELECT COUNT(*) FROM member")).Value.Rows);
    }

    [Fact]
    public async Task The_first_rows_are_shown_and_no_more_are_read()
    {
        var run = await Saved();
        await run(Table);
        await run($"INSERT INTO member (id, email) VALUES {string.Join(", ", Enumerable.Range(1, 500).Select(number => $"({number}, 'r{number}@rcpt.example')"))}");

        var many = (await Look("SELECT a.id FROM member a CROSS JOIN member b CROSS JOIN member c CROSS JOIN member d")).Value;
        Assert.Equal(TakeQuery.PreviewRows, many.Rows.Count);
        var preview = (await Look("SELECT id, email FROM member WHERE id > @from ORDER BY id", new QueryParameter("from", ParameterType.Number, "3"))).Value;

        Assert.Equal(["id", "email"], preview.Columns);
        Assert.Equal(TakeQuery.PreviewRows, preview.Rows.Count);
        Assert.Equal(["4", "r4@rcpt.example"], preview.Rows[0]);
    }

    [Fact]
    public async Task What_the_database_says_is_said_without_its_password()
    {
        await Saved();

        var failed = (await Look("SELECT email FROM no_such_table")).Refusal;
        Assert.Equal("database.failed", failed.Code);
        Assert.Contains("no_such_table", failed.Message, StringComparison.Ordinal);
        Assert.Equal("database.missing-parameter", (await Look("SELECT @a AS b")).Refusal.Code);
        Assert.Equal("database.not-found", (await Take().Look(new TakeQuery.Query("other", "SELECT 1", []), Stop)).Refusal.Code);
        var nobody = await Take().Handle(new TakeQuery.Command((await _world.CreateJob()).Id, new TakeQuery.Query("crm", "SELECT 'a@rcpt.example' AS email WHERE 1 = 0", []), null, null, RecipientsWorld.Ada), Stop);
        Assert.Equal("database.no-rows", nobody.Refusal.Code);
        Assert.Empty(Directory.EnumerateFiles(_database.Folder.File("data/uploads")));
    }

    [Fact]
    public async Task A_query_that_takes_too_long_is_ended()
    {
        await Saved();

        var outcome = await Read(new QueryStatement(Endless, []), TimeSpan.FromMilliseconds(300));

        Assert.Equal("database.too-long", outcome.Refusal.Code);
    }

    [Fact]
    public async Task A_connection_is_only_kept_if_it_answers_and_its_password_is_not_readable()
    {
        var (command, _) = await CreateSource();
        var kept = (await _save.Handle(command, Stop)).Value;
        Assert.Equal("database.name-taken", (await _save.Handle(command with { Name = "CRM" }, Stop)).Refusal.Code);
        Assert.Equal("database.name", (await _save.Handle(command with { Name = " " }, Stop)).Refusal.Code);
        if (command.Kind != DatabaseKind.Sqlite)
        {
            Assert.DoesNotContain(command.Password!, kept.Secret, StringComparison.Ordinal);
            var away = (await _save.Handle(command with { Name = "away", Port = FreePort.Next(), Password = Secret }, Stop)).Refusal;
            Assert.Equal("database.failed", away.Code);
            Assert.DoesNotContain(Secret, away.Message, StringComparison.Ordinal);

            // Changed without its password it keeps it, but not for another server.
            Assert.Equal(kept.Secret, (await _save.Handle(command with { Before = "crm", Name = "members", Password = null }, Stop)).Value.Secret);
            Assert.True((await _save.Handle(command with { Before = "members", Port = FreePort.Next(), Password = null }, Stop)).IsRefused);
        }
        else
        {
            Assert.Equal("database.file", (await _save.Handle(command with { Name = "b", Place = "/nowhere/x.sqlite" }, Stop)).Refusal.Code);
            Assert.Equal("database.file", (await _save.Handle(command with { Name = "b", Place = "x.sqlite" }, Stop)).Refusal.Code);
            var own = Path.Combine(Directory.CreateDirectory(_database.Folder.File("home")).FullName, "hub.sqlite");
            File.Copy(command.Place, own);
            Assert.Equal("database.own-file", (await _save.Handle(command with { Name = "b", Place = own }, Stop)).Refusal.Code);
            var link = File.CreateSymbolicLink(_database.Folder.File("link.sqlite"), own).FullName;
            Assert.Equal("database.own-file", (await _save.Handle(command with { Name = "b", Place = link }, Stop)).Refusal.Code);
        }

        var one = Assert.Single(await _connections.List(Stop));
        await _connections.Remove(one.Id, Stop);
        Assert.Empty(await _connections.List(Stop));
    }

    private async Task<Func<string, Task>> Saved()
    {
        var (command, run) = await CreateSource();
        _ = (await _save.Handle(command, Stop)).Value;
        return run;
    }

    private async Task<Outcome<long>> Read(QueryStatement statement, TimeSpan? limit = null) =>
        await _reader.Handle((await _connections.Find("crm", Stop))!, statement, [], limit ?? TimeSpan.FromMinutes(1), _ => default, _ => new(true), Stop);

    private Task<Outcome<TakeQuery.Preview>> Look(string sql, params QueryParameter[] parameters) => Take().Look(new TakeQuery.Query("crm", sql, parameters), Stop);

    private async Task<RecipientSource> Taken(Job job, string sql, params QueryParameter[] parameters)
    {
        var source = (await Take().Handle(new TakeQuery.Command(job.Id, new TakeQuery.Query("crm", sql, parameters), null, null, RecipientsWorld.Ada), Stop)).Value;
        await _world.Queue.WhenEnded(source.Id);
        return (await _world.Sources.Find(source.Id, Stop))!;
    }

    private TakeQuery Take() => new(_connections, _reader, new TakeRows(_world.Upload, _world.Start), new DatabaseSettings());
}

public sealed class SqliteSource : DatabasesSpec
{
    private protected override string Endless => "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";

    private protected override Task<(SaveDatabase.Command Connection, Func<string, Task> Run)> CreateSource()
    {
        var file = System.Folder.File("crm.sqlite");
        Run("PRAGMA journal_mode = WAL");
        return Task.FromResult<(SaveDatabase.Command, Func<string, Task>)>((new(null, "crm", DatabaseKind.Sqlite, "", 0, file, "", null, false, RecipientsWorld.Ada), RunThere));

        Task RunThere(string sql)
        {
            Run(sql);
            return Task.CompletedTask;
        }

        void Run(string sql)
        {
            using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=false");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}

public sealed class PostgresSource(PostgresServer server) : DatabasesSpec
{
    private protected override string Endless => "SELECT pg_sleep(600)";

    // The list of databases lies in a PostgreSQL too.
    private protected override Task<LuiDatabase> CreateDatabase() => LuiDatabase.OnPostgres(server);

    private protected override async Task<(SaveDatabase.Command Connection, Func<string, Task> Run)> CreateSource()
    {
        var address = new Npgsql.NpgsqlConnectionStringBuilder(await server.CreateDatabase());
        return (new(null, "crm", DatabaseKind.Postgresql, "127.0.0.1", server.Port, address.Database!, "postgres", "not asked for here", false, RecipientsWorld.Ada), Run);

        async Task Run(string sql)
        {
            await using var connection = new Npgsql.NpgsqlConnection(address.ConnectionString);
            await connection.OpenAsync();
            await using var command = new Npgsql.NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}

public sealed class MariaDbSource(MariaDbServer server) : DatabasesSpec
{
    private protected override string Endless => "SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b, information_schema.columns c, information_schema.columns d";

    private protected override async Task<(SaveDatabase.Command Connection, Func<string, Task> Run)> CreateSource()
    {
        var name = await server.CreateDatabase();
        return (new(null, "crm", DatabaseKind.Mysql, "127.0.0.1", server.Port, name, "root", MariaDbServer.Password, false, RecipientsWorld.Ada), sql => server.Run($"USE {name}; {sql}"));
    }
}
