// SPDX-License-Identifier: Apache-2.0
using System.Data;
using System.Data.Common;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Tutti.Wiring.Storage;

/// <summary>The database engines that stores run on.</summary>
public enum Dialect
{
    /// <summary>A file of the component's own, write-ahead log, every commit on disk.</summary>
    Sqlite,

    /// <summary>A schema on a PostgreSQL server.</summary>
    Postgres,
}

/// <summary>
/// A component's database. Readers open pooled connections; writers go through <see cref="Write{T}"/>, which on SQLite
/// lets one of them in at a time, because waiting in line is cheaper than polling for the file's lock.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private readonly DbDataSource? _source;
    private readonly string _connectionString;
    private readonly string? _schema;
    private readonly SemaphoreSlim _writers = new(1, 1);
    private readonly AsyncLocal<Companion?> _companion = new();

    private Database(Dialect dialect, string connectionString, string? schema, DbDataSource? source)
    {
        Dialect = dialect;
        _connectionString = connectionString;
        _schema = schema;
        _source = source;
    }

    /// <summary>The engine below.</summary>
    public Dialect Dialect { get; }

    /// <summary>Opens a SQLite file, made if it is not there.</summary>
    /// <param name="file">Absolute path; its folder must exist.</param>
    public static Database OnSqlite(string file) => new(
        Dialect.Sqlite,
        new SqliteConnectionStringBuilder { DataSource = file, ForeignKeys = true, DefaultTimeout = 60 }.ToString(),
        schema: null,
        source: null);

    /// <summary>Opens a schema of a PostgreSQL database, made at <see cref="Migrate"/> if it is not there.</summary>
    /// <param name="connectionString">As <see cref="PostgresUrl"/> reads it.</param>
    /// <param name="schema">A plain lower-case identifier.</param>
    public static Database OnPostgres(string connectionString, string schema)
    {
        var builder = new NpgsqlConnectionStringBuilder(PostgresUrl.TryRead(connectionString, out var read, out _) ? read : connectionString) { SearchPath = schema };
        if (!builder.ContainsKey("Timeout"))
        {
            // People hear within seconds that the database is away.
            builder.Timeout = 5;
        }

        var withSchema = builder.ToString();
        return new Database(Dialect.Postgres, withSchema, schema, NpgsqlDataSource.Create(withSchema));
    }

    /// <summary>Brings the schema up to date with the numbered scripts that are embedded in an assembly's folder Migrations.</summary>
    public void Migrate(Assembly assembly) => Migration.Run(Dialect, _connectionString, _schema, assembly);

    /// <summary>An open connection for reading. SQLite: write-ahead log, synchronous=FULL, foreign keys on.</summary>
    public async ValueTask<DbConnection> Open(CancellationToken cancellationToken)
    {
        if (_source is not null)
        {
            return await _source.OpenConnectionAsync(cancellationToken);
        }

        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var pragmas = connection.CreateCommand();
            pragmas.CommandText = "PRAGMA busy_timeout=60000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY;";
            await pragmas.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks the database for nothing: throws what it throws when it is away.</summary>
    public async Task Probe(CancellationToken cancellationToken)
    {
        await using var connection = await Open(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1";
        await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Until what is answered is disposed, every transaction of this flow of calls does this work too, right before it is committed.</summary>
    public IDisposable Alongside(Func<DbTransaction, Task> work) => _companion.Value = new Companion(work);

    /// <summary>Does work in one transaction; commits when it returns, rolls back when it throws.</summary>
    /// <typeparam name="T">What the work returns.</typeparam>
    public async Task<T> Write<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        var inLine = Dialect == Dialect.Sqlite;
        if (inLine)
        {
            await _writers.WaitAsync(cancellationToken);
        }

        try
        {
            await using var connection = await Open(cancellationToken);

            // SQLite: this is BEGIN IMMEDIATE, so that a transaction which reads first cannot fail at its first write.
            await using var transaction = await connection.BeginTransactionAsync(
                inLine ? IsolationLevel.Serializable : IsolationLevel.ReadCommitted, cancellationToken);
            var result = await work(transaction);
            if (_companion.Value is { IsOver: false } companion)
            {
                await companion.Work(transaction);
            }

            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        finally
        {
            if (inLine)
            {
                _writers.Release();
            }
        }
    }

    /// <summary>Does work in one transaction; commits when it returns, rolls back when it throws.</summary>
    public Task Write(Func<DbTransaction, Task> work, CancellationToken cancellationToken) => Write(
        async transaction =>
        {
            await work(transaction);
            return true;
        },
        cancellationToken);

    /// <summary>Closes the pooled connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }
        else
        {
            using var connection = new SqliteConnection(_connectionString);
            SqliteConnection.ClearPool(connection);
        }

        _writers.Dispose();
    }

    // Tasks that outlive the flow in which they were started still see it; by then it is over.
    private sealed class Companion(Func<DbTransaction, Task> work) : IDisposable
    {
        public Func<DbTransaction, Task> Work => work;

        public bool IsOver { get; private set; }

        public void Dispose() => IsOver = true;
    }
}
