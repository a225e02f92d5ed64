// SPDX-License-Identifier: Apache-2.0
using System.Data;
using System.Data.Common;
using Tutti.Dst.Returns;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Journal;

/// <summary>
/// The one connection that writes to the store, with its prepared statements and the transaction that is open on it.
/// Gives events their numbers and keeps the tallies. Used by the journal's thread only.
/// </summary>
internal sealed class JournalSession(DbConnection connection, Dialect dialect) : IDisposable
{
    private static readonly Statement _newest = new("SELECT newest FROM store WHERE one = 1");
    private static readonly Statement _newestLocked = new("SELECT newest FROM store WHERE one = 1 FOR UPDATE");

    private static readonly Statement _setNewest = new("UPDATE store SET newest = @newest WHERE one = 1", ("newest", DbType.Int64));

    private static readonly Statement _event = new(
        """
        INSERT INTO event (number, at, job_id, recipient_id, fate, attempts, reply, host, came_back, class)
        VALUES (@number, @at, @job, @recipient, @fate, @attempts, @reply, @host, @came_back, @class)
        """,
        ("number", DbType.Int64), ("at", DbType.Int64), ("job", DbType.Int64), ("recipient", DbType.Int64), ("fate", DbType.Int32),
        ("attempts", DbType.Int32), ("reply", DbType.String), ("host", DbType.String), ("came_back", DbType.Int32), ("class", DbType.Int32));

    private readonly Dictionary<Statement, DbCommand> _commands = new(ReferenceEqualityComparer.Instance);
    private DbTransaction? _transaction;
    private List<Sent> _sent = [];
    private long _firstNumber;
    private long _number;

    /// <summary>The engine below, for the few statements that differ.</summary>
    public Dialect Dialect => dialect;

    /// <summary>What this transaction does to the tallies.</summary>
    public TallyChanges Tally { get; } = new();

    /// <summary>Number of the newest event of the last transaction that wrote one, 0 if none did.</summary>
    public long Newest { get; private set; }

    /// <summary>False once the connection has broken.</summary>
    public bool IsOpen => connection.State == ConnectionState.Open;

    /// <summary>Opens a transaction.</summary>
    public void Begin()
    {
        // SQLite: Serializable is BEGIN IMMEDIATE.
        _transaction = connection.BeginTransaction(dialect == Dialect.Sqlite ? IsolationLevel.Serializable : IsolationLevel.ReadCommitted);
        (_firstNumber, _number) = (-1, -1);
        _sent.Clear();
        Tally.Clear();
    }

    /// <summary>Writes tallies and the newest event number, and commits.</summary>
    public void Commit()
    {
        Flush();
        Tally.WriteTo(this);
        if (_number > _firstNumber)
        {
            Send(null, _setNewest, _number);
        }

        Flush();
        _transaction!.Commit();
        if (_number > _firstNumber)
        {
            Newest = _number;
        }

        End();
    }

    /// <summary>Undoes everything since <see cref="Begin"/>.</summary>
    public void RollBack()
    {
        try
        {
            _transaction?.Rollback();
        }
        catch (Exception gone) when (gone is DbException or InvalidOperationException)
        {
            // The connection broke, or SQLite has rolled back by itself: there is nothing left to undo.
        }
        finally
        {
            End();
        }
    }

    /// <summary>Writes the event of a fate with the next number.</summary>
    public void AddEvent(long at, long job, long recipient, Standing fate, int attempts, string reply, string host) =>
        Send(null, _event, NextNumber(), at, job, recipient, (int)fate, attempts, reply, host, 0, 0);

    /// <summary>Writes the event of something that came back with the next number.</summary>
    public void AddReturn(long at, ReturnFinding found) => Send(
        null, _event, NextNumber(), at, found.To.Job, found.To.Recipient, 0, 0, found.Reply, found.Host, (int)found.What, (int)found.Class);

    /// <summary>
    /// Runs a statement, and tells how many rows it changed as soon as that is known. Over a network the statements of a
    /// transaction travel together, not each with its own way there and back; their order stays.
    /// </summary>
    public void Send(Action<int>? then, Statement statement, params ReadOnlySpan<object?> values)
    {
        if (dialect == Dialect.Sqlite)
        {
            var rows = Bind(statement, values).ExecuteNonQuery();
            then?.Invoke(rows);
        }
        else
        {
            _sent.Add(new Sent(statement, values.ToArray(), then));
        }
    }

    /// <summary>Runs a statement now.</summary>
    /// <returns>The number of rows it changed.</returns>
    public int Run(Statement statement, params ReadOnlySpan<object?> values)
    {
        Flush();
        return Bind(statement, values).ExecuteNonQuery();
    }

    /// <summary>Runs a query for one value; null if there is no row.</summary>
    public object? Scalar(Statement statement, params ReadOnlySpan<object?> values)
    {
        Flush();
        var value = Bind(statement, values).ExecuteScalar();
        return value is DBNull ? null : value;
    }

    /// <summary>Runs a query. The reader must be closed before the next statement.</summary>
    public DbDataReader Query(Statement statement, params ReadOnlySpan<object?> values)
    {
        Flush();
        return Bind(statement, values).ExecuteReader();
    }

    /// <summary>Runs a query of PostgreSQL's that takes whole columns as arrays.</summary>
    public DbDataReader QueryArrays(Statement statement, ReadOnlySpan<object?> values, params ReadOnlySpan<(string Name, Array Column)> columns)
    {
        Flush();
        using var command = Describe(statement);
        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index] ?? DBNull.Value;
        }

        foreach (var (name, column) in columns)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, column);
            command.Parameters.Add(parameter);
        }

        return command.ExecuteReader();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _transaction?.Dispose();
        connection.Dispose();
    }

    private long NextNumber()
    {
        if (_number < 0)
        {
            // On PostgreSQL the row stays locked until the commit: numbers are given in commit order over all nodes.
            _number = _firstNumber = (long)Scalar(dialect == Dialect.Sqlite ? _newest : _newestLocked)!;
        }

        return ++_number;
    }

    private void Flush()
    {
        // What is told to the senders may make them send more.
        while (_sent.Count > 0)
        {
            var sent = _sent;
            _sent = [];
            using var batch = connection.CreateBatch();
            batch.Transaction = _transaction;
            foreach (var each in sent)
            {
                batch.BatchCommands.Add(Describe(batch, each));
            }

            batch.Prepare();
            batch.ExecuteNonQuery();
            for (var index = 0; index < sent.Count; index++)
            {
                sent[index].Then?.Invoke(batch.BatchCommands[index].RecordsAffected);
            }
        }
    }

    private static DbBatchCommand Describe(DbBatch batch, Sent sent)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sent.Statement.Sql;
        for (var index = 0; index < sent.Values.Length; index++)
        {
            var (name, type) = sent.Statement.Parameters[index];
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, type, sent.Values[index] ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private DbCommand Bind(Statement statement, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(statement, out var command))
        {
            command = Prepare(statement);
            _commands.Add(statement, command);
        }

        command.Transaction = _transaction;
        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index] ?? DBNull.Value;
        }

        return command;
    }

    private DbCommand Prepare(Statement statement)
    {
        var command = Describe(statement);
        command.Prepare();
        return command;
    }

    private DbCommand Describe(Statement statement)
    {
        var command = connection.CreateCommand();
        command.CommandText = statement.Sql;
        command.Transaction = _transaction;
        foreach (var (name, type) in statement.Parameters)
        {
            var parameter = command.CreateParameter();

            // As the statement has it: otherwise SQLite's driver tries the bare name first, at each run.
            parameter.ParameterName = "@" + name;
            parameter.DbType = type;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private void End()
    {
        _transaction?.Dispose();
        _transaction = null;
    }

    private readonly record struct Sent(Statement Statement, object?[] Values, Action<int>? Then);
}
