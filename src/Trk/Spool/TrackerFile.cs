// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Storage;

namespace Tutti.Trk.Spool;

/// <summary>
/// The tracker's one database file. Everything is written through one connection, one transaction at a time, so that
/// event numbers are given in commit order; whoever reads has a connection of its own and never waits.
/// </summary>
internal sealed class TrackerFile : IAsyncDisposable
{
    /// <summary>How long a statement waits for a lock that a stranger holds. Recipients are waiting behind it.</summary>
    private const int LockSeconds = 1;

    private readonly Database _database;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private SqliteConnection? _writing;

    public TrackerFile(ComponentFolder folder)
        : this(PathIn(folder))
    {
    }

    internal TrackerFile(string path) => _database = Database.OnSqlite(path);

    /// <summary>Whether a folder holds links that readers may click, asked before anything of the tracker runs.</summary>
    public static bool HasPublications(ComponentFolder folder)
    {
        if (!File.Exists(PathIn(folder)))
        {
            return false;
        }

        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = PathIn(folder), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT EXISTS (SELECT 1 FROM publication)";
            return command.ExecuteScalar() is 1L;
        }
        catch (SqliteException)
        {
            // No such table yet, or no file of ours.
            return false;
        }
    }

    private static string PathIn(ComponentFolder folder) => Path.Combine(folder.Data, "trk.sqlite");

    /// <summary>Makes the file if it is not there and brings it up to date.</summary>
    public void Prepare() => _database.Migrate(typeof(TrackerFile).Assembly);

    /// <summary>A connection for reading.</summary>
    public ValueTask<DbConnection> Read(CancellationToken cancellationToken) => _database.Open(cancellationToken);

    /// <summary>Does work in one transaction that is on the disk when this returns. When it throws, nothing of it is.</summary>
    public T Write<T>(Func<SqliteConnection, T> work)
    {
        _turn.Wait();
        try
        {
            return WriteNow(work);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc cref="Write{T}"/>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Off the caller's thread: SQLite has no asynchronous writes.
            return await Task.Run(() => WriteNow(work), CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_writing is not null)
        {
            await _writing.DisposeAsync();
        }

        await _database.DisposeAsync();
        _turn.Dispose();
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = LockSeconds;
        command.ExecuteNonQuery();
    }

    private T WriteNow<T>(Func<SqliteConnection, T> work)
    {
        var connection = _writing ??= OpenForWriting();
        try
        {
            Run(connection, "BEGIN IMMEDIATE");
            var result = work(connection);
            Run(connection, "COMMIT");
            return result;
        }
        catch
        {
            // A connection that failed once is not trusted again; closing it rolls back.
            _writing = null;
            SqliteConnection.ClearPool(connection);
            connection.Dispose();
            throw;
        }
    }

    private SqliteConnection OpenForWriting()
    {
        var opening = _database.Open(CancellationToken.None);
        var connection = (SqliteConnection)(opening.IsCompletedSuccessfully ? opening.Result : opening.AsTask().GetAwaiter().GetResult());
        connection.DefaultTimeout = LockSeconds;

        // Small checkpoints: recipients wait behind each one.
        Run(connection, $"PRAGMA busy_timeout={LockSeconds * 1000}; PRAGMA wal_autocheckpoint=500;");
        return connection;
    }
}
