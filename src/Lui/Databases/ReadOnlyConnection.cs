// SPDX-License-Identifier: Apache-2.0
using System.Data;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;
using SQLitePCL;

namespace Tutti.Lui.Databases;

/// <summary>
/// Opens a database so that it cannot be written: PostgreSQL and MySQL in a transaction that only reads, SQLite as a file that is only
/// read, SQL Server in a transaction that is always rolled back. Each connection is its own, without a pool, and ends with the query.
/// </summary>
internal static class ReadOnlyConnection
{
    private const string Program = "Tutti";
    private const int SecondsToConnect = 15;

    /// <summary>Opens it. The transaction, where there is one as an object, goes with the command.</summary>
    public static async Task<(DbConnection Connection, DbTransaction? Transaction)> Open(DatabaseConnection wanted, string password, CancellationToken cancellationToken)
    {
        DbConnection connection = wanted.Kind switch
        {
            DatabaseKind.Postgresql => new NpgsqlConnection(Postgres(wanted, password)),
            DatabaseKind.Mysql => new MySqlConnection(MySql(wanted, password)),
            DatabaseKind.Sqlserver => new SqlConnection(SqlServer(wanted, password)),
            DatabaseKind.Sqlite => new SqliteConnection(Sqlite(wanted)),
        };
        try
        {
            await connection.OpenAsync(cancellationToken);
            return (connection, await Begin(wanted.Kind, connection, cancellationToken));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has a running statement end when somebody gives up. SQLite knows nothing of tokens.</summary>
    public static CancellationTokenRegistration EndWith(DbConnection connection, CancellationToken cancellationToken) =>
        connection is SqliteConnection sqlite ? cancellationToken.Register(() => raw.sqlite3_interrupt(sqlite.Handle!)) : default;

    private static async Task<DbTransaction?> Begin(DatabaseKind kind, DbConnection connection, CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case DatabaseKind.Postgresql:
                var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
                await Run(connection, transaction, "SET TRANSACTION READ ONLY", cancellationToken);

                // From its first query on a transaction cannot be made one that writes.
                await Run(connection, transaction, "SELECT 1", cancellationToken);
                return transaction;
            case DatabaseKind.Mysql:
                await Run(connection, null, "SET SESSION TRANSACTION READ ONLY", cancellationToken);
                await Run(connection, null, "START TRANSACTION READ ONLY", cancellationToken);
                return null;
            case DatabaseKind.Sqlserver:
                return await connection.BeginTransactionAsync(cancellationToken);
            case DatabaseKind.Sqlite:
            default:
                await Run(connection, null, "PRAGMA query_only = ON", cancellationToken);
                return null;
        }
    }

    private static async Task Run(DbConnection connection, DbTransaction? transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = transaction;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Postgres(DatabaseConnection wanted, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = wanted.Host,
        Port = wanted.Port,
        Database = wanted.Place,
        Username = wanted.Account,
        Password = password,
        SslMode = wanted.Verified ? Npgsql.SslMode.VerifyFull : Npgsql.SslMode.Prefer,
        Options = "-c default_transaction_read_only=on",
        ApplicationName = Program,
        Timeout = SecondsToConnect,
        CommandTimeout = 0,
        Pooling = false,
    }.ConnectionString;

    private static string MySql(DatabaseConnection wanted, string password) => new MySqlConnectionStringBuilder
    {
        Server = wanted.Host,
        Port = (uint)wanted.Port,
        Database = wanted.Place,
        UserID = wanted.Account,
        Password = password,
        SslMode = wanted.Verified ? MySqlSslMode.VerifyFull : MySqlSslMode.Preferred,
        ApplicationName = Program,
        ConnectionTimeout = SecondsToConnect,
        DefaultCommandTimeout = 0,
        AllowLoadLocalInfile = false,
        ConvertZeroDateTime = true,
        Pooling = false,
    }.ConnectionString;

    private static string SqlServer(DatabaseConnection wanted, string password) => new SqlConnectionStringBuilder
    {
        DataSource = string.Create(CultureInfo.InvariantCulture, $"{wanted.Host},{wanted.Port}"),
        InitialCatalog = wanted.Place,
        UserID = wanted.Account,
        Password = password,
        Encrypt = wanted.Verified ? SqlConnectionEncryptOption.Mandatory : SqlConnectionEncryptOption.Optional,
        TrustServerCertificate = !wanted.Verified,
        ApplicationName = Program,
        ApplicationIntent = ApplicationIntent.ReadOnly,
        ConnectTimeout = SecondsToConnect,
        CommandTimeout = 0,
        Pooling = false,
    }.ConnectionString;

    private static string Sqlite(DatabaseConnection wanted) => new SqliteConnectionStringBuilder
    {
        DataSource = wanted.Place,
        Mode = SqliteOpenMode.ReadOnly,
        Pooling = false,
    }.ConnectionString;
}
