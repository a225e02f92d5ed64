// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Dapper;
using Npgsql;
using Tutti.Wiring.Storage;

namespace Tutti.Commands.Databases;

/// <summary>A PostgreSQL database that is to become the system database, looked at before anything is changed.</summary>
internal static class PostgresTarget
{
    /// <summary>The schema of LUI's tables.</summary>
    public const string Schema = "lui";

    /// <summary>The oldest server that is taken.</summary>
    public const int OldestVersion = 13;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Servers that the tests of this version ran against.</summary>
    public static IReadOnlyList<int> TestedVersions { get; } = [15];

    /// <summary>Reads the URL from a file, whose first line counts; the password stands on no command line.</summary>
    public static async Task<string> Read(string? file, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            throw new Complaint(ExitCode.Usage, "Name the file whose first line is the database's URL: --database-url-file FILE.");
        }

        if (!File.Exists(file))
        {
            throw new Complaint(ExitCode.Refused, $"The file {file} does not exist.");
        }

        using var reader = new StreamReader(file);
        var line = (await reader.ReadLineAsync(cancellationToken))?.Trim() ?? "";
        return PostgresUrl.TryRead(line, out _, out var problem) ? line : throw new Complaint(ExitCode.Refused, $"The first line of {file} {problem} Write postgresql://USER:PASSWORD@HOST/NAME.");
    }

    /// <summary>Sees to it that the database can be used.</summary>
    /// <param name="url">As <see cref="Read"/> gave it.</param>
    /// <param name="isShared">The tables of this installation may be there already.</param>
    /// <param name="unfinished">The mark of a move of this very server that was not ended; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Complaint">It cannot be reached, is too old, not in UTF-8, not allowed, or in use.</exception>
    public static async Task Check(string url, bool isShared, string? unfinished, CancellationToken cancellationToken)
    {
        _ = PostgresUrl.TryRead(url, out var text, out _);
        var where = new NpgsqlConnectionStringBuilder(text) { Timeout = (int)_patience.TotalSeconds, Pooling = false };
        var name = string.Create(CultureInfo.InvariantCulture, $"{where.Database} at {where.Host}:{where.Port}");
        await using var connection = new NpgsqlConnection(where.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken);
        }
        catch (PostgresException exception)
        {
            throw new Complaint(ExitCode.Refused, $"The database {name} does not let us in: {exception.MessageText}.");
        }
        catch (NpgsqlException exception)
        {
            throw new Complaint(ExitCode.Unavailable, $"The database {name} cannot be reached: {exception.InnerException?.Message ?? exception.Message} Is PostgreSQL running, and does a firewall let this server through?");
        }

        if (connection.PostgreSqlVersion.Major < OldestVersion)
        {
            throw new Complaint(ExitCode.Refused, $"The database {name} is PostgreSQL {connection.PostgreSqlVersion}; {OldestVersion} or later is needed.");
        }

        if (await connection.ExecuteScalarAsync<string>("SHOW server_encoding") is not "UTF8" and var encoding)
        {
            throw new Complaint(ExitCode.Refused, $"The database {name} is in {encoding}. Make one in UTF-8: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.");
        }

        var hasTables = await connection.ExecuteScalarAsync<bool>(
            """
            SELECT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = @Schema)
               AND NOT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = @Schema AND obj_description(oid) = @unfinished)
            """,
            new { Schema, unfinished });
        if (hasTables && !isShared)
        {
            throw new Complaint(
                ExitCode.Refused, $"The database {name} holds the tables of an installation already. If this server is to be another User Interface of that installation, say --shared-database; otherwise name another database.");
        }

        if (!hasTables && !await connection.ExecuteScalarAsync<bool>("SELECT has_database_privilege(current_database(), 'CREATE') OR EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = @Schema AND has_schema_privilege(oid, 'CREATE'))", new { Schema }))
        {
            throw new Complaint(ExitCode.Refused, $"{where.Username} may not make tables in {name}. Let its owner say: GRANT CREATE ON DATABASE \"{where.Database}\" TO \"{where.Username}\".");
        }
    }
}
