// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using SQLitePCL;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Recipients.Import;

/// <summary>Stores a chunk the way each database does it fastest: prepared inserts, or binary COPY.</summary>
internal static class ChunkWriter
{
    /// <summary>Stores a chunk inside a transaction.</summary>
    public static Task Write(DbTransaction transaction, long recipientsId, RecipientChunk chunk, CancellationToken cancellationToken)
    {
        switch (transaction)
        {
            case SqliteTransaction sqlite:
                InsertRecipients(sqlite.Connection!, recipientsId, chunk);
                InsertSetAside(sqlite, recipientsId, chunk);
                return Task.CompletedTask;
            case NpgsqlTransaction postgres:
                return Copy(postgres.Connection!, recipientsId, chunk, cancellationToken);
            default:
                throw new NotSupportedException($"Recipients cannot be stored through {transaction.GetType()}.");
        }
    }

    // Straight to the library below ADO.NET, which would look up every parameter by name and make a reader for every row.
    private static void InsertRecipients(SqliteConnection connection, long recipientsId, RecipientChunk chunk)
    {
        var handle = connection.Handle!;
        Check(
            raw.sqlite3_prepare_v2(
                handle, "INSERT INTO recipient (recipients_id, id, address, normalized, display_name, fields) VALUES (?, ?, ?, ?, ?, ?)", out var statement),
            handle);
        using (statement)
        {
            Check(raw.sqlite3_bind_int64(statement, 1, recipientsId), handle);
            foreach (var row in chunk.Recipients)
            {
                Check(raw.sqlite3_bind_int64(statement, 2, row.Id), handle);
                Check(raw.sqlite3_bind_text(statement, 3, chunk[row.Address]), handle);
                Check(raw.sqlite3_bind_text(statement, 4, chunk[row.Normalized]), handle);
                Check(raw.sqlite3_bind_text(statement, 5, chunk[row.DisplayName]), handle);
                Check(raw.sqlite3_bind_text(statement, 6, chunk[row.Fields]), handle);
                Check(raw.sqlite3_step(statement), handle);
                Check(raw.sqlite3_reset(statement), handle);
            }
        }
    }

    private static void Check(int result, sqlite3 handle)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_DONE))
        {
            SqliteException.ThrowExceptionForRC(result, handle);
        }
    }

    private static void InsertSetAside(SqliteTransaction transaction, long recipientsId, RecipientChunk chunk)
    {
        using var setAside = transaction.Connection!.CreateCommand();
        setAside.CommandText = "INSERT INTO recipient_set_aside (recipients_id, line, kind, address, reason, raw) VALUES ($p0, $p1, $p2, $p3, $p4, $p5)";
        var values = Prepare(setAside, transaction, SqliteType.Integer, SqliteType.Integer, SqliteType.Text, SqliteType.Text, SqliteType.Text, SqliteType.Text);
        values[0].Value = recipientsId;
        foreach (var line in chunk.SetAside)
        {
            values[1].Value = line.Line;
            values[2].Value = Words.Of(line.Kind);
            values[3].Value = line.Address;
            values[4].Value = line.Reason;
            values[5].Value = line.Raw;
            setAside.ExecuteNonQuery();
        }
    }

    private static SqliteParameterCollection Prepare(SqliteCommand command, SqliteTransaction transaction, params ReadOnlySpan<SqliteType> types)
    {
        command.Transaction = transaction;
        for (var i = 0; i < types.Length; i++)
        {
            command.Parameters.Add(string.Create(CultureInfo.InvariantCulture, $"$p{i}"), types[i]);
        }

        command.Prepare();
        return command.Parameters;
    }

    private static async Task Copy(NpgsqlConnection connection, long recipientsId, RecipientChunk chunk, CancellationToken cancellationToken)
    {
        if (chunk.Recipients.Count > 0)
        {
            await using var recipients = await connection.BeginRawBinaryCopyAsync(
                "COPY recipient (recipients_id, id, address, normalized, display_name, fields) FROM STDIN (FORMAT BINARY)", cancellationToken);
            await recipients.WriteAsync(CopyFormat.Of(recipientsId, chunk), cancellationToken);
        }

        if (chunk.SetAside.Count == 0)
        {
            return;
        }

        await using var setAside = await connection.BeginBinaryImportAsync(
            "COPY recipient_set_aside (recipients_id, line, kind, address, reason, raw) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var line in chunk.SetAside)
        {
            await setAside.StartRowAsync(cancellationToken);
            await setAside.WriteAsync(recipientsId, NpgsqlDbType.Bigint, cancellationToken);
            await setAside.WriteAsync(line.Line, NpgsqlDbType.Bigint, cancellationToken);
            await setAside.WriteAsync(Words.Of(line.Kind), NpgsqlDbType.Text, cancellationToken);
            await setAside.WriteAsync(line.Address, NpgsqlDbType.Text, cancellationToken);
            await setAside.WriteAsync(line.Reason, NpgsqlDbType.Text, cancellationToken);
            await setAside.WriteAsync(line.Raw, NpgsqlDbType.Text, cancellationToken);
        }

        await setAside.CompleteAsync(cancellationToken);
    }
}
