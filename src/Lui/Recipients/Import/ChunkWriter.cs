// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
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
                Insert(sqlite, recipientsId, chunk, cancellationToken);
                return Task.CompletedTask;
            case NpgsqlTransaction postgres:
                return Copy(postgres.Connection!, recipientsId, chunk, cancellationToken);
            default:
                throw new NotSupportedException($"Recipients cannot be stored through {transaction.GetType()}.");
        }
    }

    private static void Insert(SqliteTransaction transaction, long recipientsId, RecipientChunk chunk, CancellationToken cancellationToken)
    {
        using var recipient = transaction.Connection!.CreateCommand();
        recipient.CommandText = "INSERT INTO recipient (recipients_id, id, address, normalized, display_name, fields) VALUES ($p0, $p1, $p2, $p3, $p4, $p5)";
        var values = Prepare(recipient, transaction, SqliteType.Integer, SqliteType.Integer, SqliteType.Text, SqliteType.Text, SqliteType.Text, SqliteType.Text);
        values[0].Value = recipientsId;
        foreach (var row in chunk.Recipients)
        {
            values[1].Value = row.Id;
            values[2].Value = row.Address;
            values[3].Value = row.Normalized;
            values[4].Value = row.DisplayName;
            values[5].Value = row.Fields;
            recipient.ExecuteNonQuery();
        }

        cancellationToken.ThrowIfCancellationRequested();
        using var setAside = transaction.Connection.CreateCommand();
        setAside.CommandText = "INSERT INTO recipient_set_aside (recipients_id, line, kind, address, reason, raw) VALUES ($p0, $p1, $p2, $p3, $p4, $p5)";
        values = Prepare(setAside, transaction, SqliteType.Integer, SqliteType.Integer, SqliteType.Text, SqliteType.Text, SqliteType.Text, SqliteType.Text);
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
        await using (var recipient = await connection.BeginBinaryImportAsync(
            "COPY recipient (recipients_id, id, address, normalized, display_name, fields) FROM STDIN (FORMAT BINARY)", cancellationToken))
        {
            foreach (var row in chunk.Recipients)
            {
                await recipient.StartRowAsync(cancellationToken);
                await recipient.WriteAsync(recipientsId, NpgsqlDbType.Bigint, cancellationToken);
                await recipient.WriteAsync(row.Id, NpgsqlDbType.Bigint, cancellationToken);
                await recipient.WriteAsync(row.Address, NpgsqlDbType.Text, cancellationToken);
                await recipient.WriteAsync(row.Normalized, NpgsqlDbType.Text, cancellationToken);
                await recipient.WriteAsync(row.DisplayName, NpgsqlDbType.Text, cancellationToken);
                await recipient.WriteAsync(row.Fields, NpgsqlDbType.Text, cancellationToken);
            }

            await recipient.CompleteAsync(cancellationToken);
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
