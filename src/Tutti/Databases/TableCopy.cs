// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Tutti.Commands.Databases;

/// <summary>What a table holds: the number of its rows, and a sum over them that does not depend on their order.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Sum">Of the first eight bytes of SHA-256 of every row.</param>
internal sealed record TableSum(long Rows, ulong Sum);

/// <summary>Brings a table from SQLite to PostgreSQL and reads it back there.</summary>
internal static class TableCopy
{
    /// <summary>All tables but the list of scripts that were run, those that others refer to first.</summary>
    public static async Task<IReadOnlyList<string>> Tables(DbConnection sqlite)
    {
        var tables = (await sqlite.QueryAsync<string>(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_version' ORDER BY name")).ToList();
        var ordered = new List<string>();
        foreach (var table in tables)
        {
            await Visit(table);
        }

        return ordered;

        async Task Visit(string table)
        {
            if (ordered.Contains(table))
            {
                return;
            }

            foreach (var parent in await sqlite.QueryAsync<string>("SELECT \"table\" FROM pragma_foreign_key_list(@table)", new { table }))
            {
                if (parent != table)
                {
                    await Visit(parent);
                }
            }

            ordered.Add(table);
        }
    }

    /// <summary>Copies the rows of one table.</summary>
    /// <returns>What was copied.</returns>
    public static async Task<TableSum> Copy(DbConnection sqlite, NpgsqlConnection postgres, string table, Action<long> copied, CancellationToken cancellationToken)
    {
        var columns = await Columns(postgres, table);
        await using var command = sqlite.CreateCommand();
        command.CommandText = Select(columns, table);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        using var quoter = new NpgsqlCommandBuilder();
        await using var writer = await postgres.BeginBinaryImportAsync(
            $"COPY {quoter.QuoteIdentifier(table)} ({string.Join(", ", columns.Select(column => quoter.QuoteIdentifier(column.Name)))}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        var sum = new Sum();
        while (await reader.ReadAsync(cancellationToken))
        {
            await writer.StartRowAsync(cancellationToken);
            for (var number = 0; number < columns.Count; number++)
            {
                if (await reader.IsDBNullAsync(number, cancellationToken))
                {
                    await writer.WriteNullAsync(cancellationToken);
                    sum.Add(null);
                    continue;
                }

                var value = Read(reader, number, columns[number].Type);
                await writer.WriteAsync(value, columns[number].Type, cancellationToken);
                sum.Add(value);
            }

            if (sum.EndRow() % 50_000 == 0)
            {
                copied(sum.Rows);
            }
        }

        await writer.CompleteAsync(cancellationToken);
        return sum.Total;
    }

    /// <summary>Reads back what stands in PostgreSQL.</summary>
    public static async Task<TableSum> Verify(NpgsqlConnection postgres, string table, CancellationToken cancellationToken)
    {
        var columns = await Columns(postgres, table);
        await using var command = new NpgsqlCommand(Select(columns, table), postgres);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var sum = new Sum();
        while (await reader.ReadAsync(cancellationToken))
        {
            for (var number = 0; number < columns.Count; number++)
            {
                sum.Add(await reader.IsDBNullAsync(number, cancellationToken) ? null : Read(reader, number, columns[number].Type));
            }

            sum.EndRow();
        }

        return sum.Total;
    }

    private static string Select(IReadOnlyList<(string Name, NpgsqlDbType Type)> columns, string table)
    {
        // Names come from the database's own catalogue; both engines quote them alike.
        using var quoter = new NpgsqlCommandBuilder();
        return $"SELECT {string.Join(", ", columns.Select(column => quoter.QuoteIdentifier(column.Name)))} FROM {quoter.QuoteIdentifier(table)}";
    }

    private static async Task<IReadOnlyList<(string Name, NpgsqlDbType Type)>> Columns(NpgsqlConnection postgres, string table) =>
        [.. (await postgres.QueryAsync<(string Name, string Type)>(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = @table ORDER BY ordinal_position", new { table }))
            .Select(column => (column.Name, column.Type switch
            {
                "bigint" => NpgsqlDbType.Bigint,
                "integer" => NpgsqlDbType.Integer,
                "boolean" => NpgsqlDbType.Boolean,
                "text" => NpgsqlDbType.Text,
                "bytea" => NpgsqlDbType.Bytea,
                "double precision" => NpgsqlDbType.Double,
                _ => throw new Complaint(ExitCode.Fault, $"Column {column.Name} of {table} has type {column.Type}, which cannot be moved."),
            }))];

    private static object Read(DbDataReader reader, int number, NpgsqlDbType type) => type switch
    {
        NpgsqlDbType.Bigint => reader.GetInt64(number),
        NpgsqlDbType.Integer => reader.GetInt32(number),
        NpgsqlDbType.Boolean => reader.GetBoolean(number),
        NpgsqlDbType.Bytea => reader.GetFieldValue<byte[]>(number),
        NpgsqlDbType.Double => reader.GetDouble(number),
        _ => reader.GetString(number),
    };

    private sealed class Sum
    {
        private readonly IncrementalHash _row = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly byte[] _hash = new byte[SHA256.HashSizeInBytes];
        private ulong _sum;

        public long Rows { get; private set; }

        public TableSum Total => new(Rows, _sum);

        public void Add(object? value)
        {
            var bytes = value switch
            {
                null => [],
                byte[] binary => binary,
                string text => Encoding.UTF8.GetBytes(text),
                _ => Encoding.ASCII.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture)!),
            };
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, value is null ? -1 : bytes.Length);
            _row.AppendData(length);
            _row.AppendData(bytes);
        }

        public long EndRow()
        {
            _row.GetHashAndReset(_hash);
            _sum = unchecked(_sum + BinaryPrimitives.ReadUInt64LittleEndian(_hash));
            return ++Rows;
        }
    }
}
