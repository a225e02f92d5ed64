// SPDX-License-Identifier: Apache-2.0
using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Tutti.Lui.Archives.Format;

/// <summary>Puts rows of an archive into their table and takes them out, many at a time. Names of columns are taken only from the table itself.</summary>
/// <param name="table">The table.</param>
/// <param name="types">Its columns, as the database has them.</param>
internal sealed class TableRows(ArchivedTable table, IReadOnlyDictionary<string, DbType> types)
{
    private const int MostValues = 900;

    /// <summary>Looks at the table.</summary>
    public static async Task<TableRows> Of(DbTransaction transaction, ArchivedTable table, CancellationToken cancellationToken)
    {
        var columns = await transaction.Connection!.QueryAsync<(string Name, string Type)>(new CommandDefinition(
            transaction is SqliteTransaction
                ? "SELECT name, LOWER(type) FROM pragma_table_info(@Name)"
                : "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = @Name",
            new { table.Name },
            transaction,
            cancellationToken: cancellationToken));
        return new TableRows(table, columns.ToDictionary(column => column.Name, column => column.Type switch
        {
            "text" => DbType.String,
            "bytea" => DbType.Binary,
            "double precision" => DbType.Double,
            "boolean" when transaction is not SqliteTransaction => DbType.Boolean,
            "bigint" or "boolean" => DbType.Int64,
            var other => throw new InvalidOperationException($"{table.Name}.{column.Name} is a {other}, which archives do not know."),
        }));
    }

    /// <summary>Inserts rows; those that are there already stay as they are. Columns that the file does not have get what a new row would.</summary>
    public async Task Insert(DbTransaction transaction, IReadOnlyList<ArchiveRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var columns = rows[0].Columns;
        if (columns.FirstOrDefault(column => !types.ContainsKey(column)) is not null)
        {
            throw new ArchiveDamage(ArchiveRefusals.BadPart(table.Part));
        }

        foreach (var some in rows.Chunk(Math.Max(1, MostValues / columns.Length)))
        {
            await Run(
                transaction,
                $"INSERT INTO {table.Name} ({string.Join(", ", columns)}) VALUES ",
                " ON CONFLICT DO NOTHING",
                [.. some.Select(row => columns.Select((column, index) => (column, row.Values[index])).ToArray())],
                cancellationToken);
        }
    }

    /// <summary>Deletes rows, as far as they are as they were written. Answers how many.</summary>
    public async Task<int> Delete(DbTransaction transaction, IReadOnlyList<ArchiveRow> rows, CancellationToken cancellationToken)
    {
        string[] columns = [.. table.Key, .. table.Same ?? []];
        var gone = 0;
        foreach (var some in rows.Chunk(MostValues / columns.Length))
        {
            gone += await Run(
                transaction,
                $"DELETE FROM {table.Name} WHERE ({string.Join(", ", columns)}) IN (VALUES ",
                ")",
                [.. some.Select(row => columns.Select(column => (column, row[column])).ToArray())],
                cancellationToken);
        }

        return gone;
    }

    private async Task<int> Run(DbTransaction transaction, string before, string after, (string Column, object? Value)[][] rows, CancellationToken cancellationToken)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        var text = new StringBuilder(before);
        var number = 0;
        foreach (var row in rows)
        {
            text.Append(number == 0 ? "(" : ", (");
            for (var index = 0; index < row.Length; index++)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"p{number++}");
                (parameter.DbType, parameter.Value) = Typed(row[index].Column, row[index].Value);
                command.Parameters.Add(parameter);
                text.Append(index == 0 ? "@" : ", @").Append(parameter.ParameterName);
            }

            text.Append(')');
        }

        command.CommandText = text.Append(after).ToString();
        try
        {
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (DbException damage) when (damage.SqlState is { Length: 5 } state && (state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal)))
        {
            throw new ArchiveDamage(ArchiveRefusals.BadPart(table.Part));
        }
        catch (SqliteException damage) when (damage.SqliteErrorCode is 19 or 20)
        {
            throw new ArchiveDamage(ArchiveRefusals.BadPart(table.Part));
        }
    }

    // A file written over SQLite is read back into PostgreSQL, where truth values are no numbers, and the other way round.
    private (DbType Type, object Value) Typed(string column, object? value)
    {
        var to = types[column];
        return (to, (to, value) switch
        {
            (_, null) => DBNull.Value,
            (DbType.Boolean, bool or long) => value is true or not 0L and not false,
            (DbType.Int64, bool truth) => truth ? 1L : 0L,
            (DbType.Int64, long) or (DbType.String, string) or (DbType.Binary, byte[]) or (DbType.Double, double or long) => value,
            _ => throw new ArchiveDamage(ArchiveRefusals.BadPart(table.Part)),
        });
    }
}
