// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using DbUp;
using DbUp.Builder;
using DbUp.Engine;
using Npgsql;

namespace Tutti.Wiring.Storage;

/// <summary>Runs a component's numbered SQL scripts, each once and in a transaction of its own.</summary>
internal static class Migration
{
    public static void Run(Dialect dialect, string connectionString, string? schema, Assembly assembly)
    {
        using var alone = schema is null ? null : MakeSchema(connectionString, schema);
        var result = Engine(dialect, connectionString, schema)
            .WithScripts(ScriptsOf(assembly, dialect))
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            throw new MigrationException(
                $"The database schema could not be brought up to date: script {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
        }
    }

    /// <summary>The scripts of an assembly for one engine, in order: common ones and those with the engine's suffix.</summary>
    internal static IReadOnlyList<SqlScript> ScriptsOf(Assembly assembly, Dialect dialect)
    {
        const string Folder = ".Migrations.";
        var own = dialect == Dialect.Sqlite ? ".sqlite.sql" : ".postgresql.sql";
        var other = dialect == Dialect.Sqlite ? ".postgresql.sql" : ".sqlite.sql";
        var scripts = new List<SqlScript>();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            var at = resource.IndexOf(Folder, StringComparison.Ordinal);
            if (at < 0 || !resource.EndsWith(".sql", StringComparison.Ordinal) || resource.EndsWith(other, StringComparison.Ordinal))
            {
                continue;
            }

            // One name on both engines, so that a database that moves keeps its history.
            var name = resource[(at + Folder.Length)..].Replace(own, ".sql", StringComparison.Ordinal);
            using var stream = assembly.GetManifestResourceStream(resource)!;
            scripts.Add(SqlScript.FromStream(name, stream));
        }

        return [.. scripts.OrderBy(script => script.Name, StringComparer.Ordinal)];
    }

    private static UpgradeEngineBuilder Engine(Dialect dialect, string connectionString, string? schema) => dialect switch
    {
        Dialect.Sqlite => DeployChanges.To.SqliteDatabase(connectionString).JournalToSqliteTable("schema_version"),
        Dialect.Postgres => DeployChanges.To.PostgresqlDatabase(connectionString).JournalToPostgresqlTable(schema, "schema_version"),
    };

    /// <summary>Makes the schema if need be; as long as the connection is open no other node changes it.</summary>
    private static NpgsqlConnection MakeSchema(string connectionString, string schema)
    {
        // Not from the pool: what it locks is free when it is closed.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        connection.Open();
        using (var turn = new NpgsqlCommand("SELECT pg_advisory_lock(hashtext(@schema))", connection))
        {
            turn.Parameters.AddWithValue("schema", schema);
            turn.ExecuteNonQuery();
        }

        using var quoter = new NpgsqlCommandBuilder();

        // An identifier cannot be a parameter; it is quoted by the driver.
        using var command = new NpgsqlCommand($"CREATE SCHEMA IF NOT EXISTS {quoter.QuoteIdentifier(schema)}", connection);
        command.ExecuteNonQuery();
        return connection;
    }
}

/// <summary>A schema could not be brought up to date; the message says which script and why.</summary>
public sealed class MigrationException(string message, Exception inner) : Exception(message, inner);
