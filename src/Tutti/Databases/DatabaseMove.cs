// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;
using Tutti.Commands.Status;
using Tutti.Contracts.Server.V1;
using Tutti.Lui;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Storage;

namespace Tutti.Commands.Databases;

/// <summary>
/// Moves LUI's database. Everything is copied in one transaction and read back before <c>lui.ini</c> says so; killed at any
/// moment the installation goes on with the file, and the command can be given again.
/// </summary>
internal sealed class DatabaseMove(HomeFolder home, TimeProvider clock, TextWriter output)
{
    private readonly ComponentFolder _folder = home.Component("lui");

    /// <summary>Moves it.</summary>
    public async Task<int> Run(string url, CancellationToken cancellationToken)
    {
        var file = Path.Combine(_folder.Data, UserInterface.DatabaseFile);
        if (!Directory.Exists(_folder.Path))
        {
            throw new Complaint(ExitCode.Refused, $"{home.Path} carries no User Interface, which owns the system database. Run this on its server.");
        }

        if (new SettingsSource(IniFile.Read(home.ComponentIni("lui")), "lui", Environment.GetEnvironmentVariables()).Bind<DatabaseSettings>().Database != DatabaseEngine.Sqlite || !File.Exists(file))
        {
            throw new Complaint(ExitCode.Refused, "The system database is not a SQLite file of this server; there is nothing to move.");
        }

        // A wrong target is refused before anything stops.
        var mark = Mark(file);
        await PostgresTarget.Check(url, isShared: false, mark, cancellationToken);
        using var server = await RunningServer.Find(home, clock, cancellationToken);
        var control = server.ProcessOf("lui");
        if (control is not null)
        {
            await output.WriteLineAsync("The User Interface stops; everything else goes on.");
            await control.StopComponentAsync(new ComponentRequest { Name = "lui" }, cancellationToken: cancellationToken);
        }

        try
        {
            await using var held = Lock();
            await Copy(file, url, mark, cancellationToken);
            Switch(file, url);
            await Unmark(url, file);
        }
        finally
        {
            if (control is not null)
            {
                await control.StartComponentAsync(new ComponentRequest { Name = "lui" }, cancellationToken: CancellationToken.None);
                await output.WriteLineAsync("The User Interface runs again.");
            }
        }

        return ExitCode.Done;
    }

    private FileStream Lock()
    {
        try
        {
            return new FileStream(Path.Combine(_folder.Data, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new Complaint(ExitCode.Refused, $"{_folder.Data} is in use by a process that does not answer. Stop it first.");
        }
    }

    private async Task Copy(string file, string url, string mark, CancellationToken cancellationToken)
    {
        _ = PostgresUrl.TryRead(url, out var connectionString, out _);
        await using var source = Database.OnSqlite(file);
        await using var target = Database.OnPostgres(connectionString!, PostgresTarget.Schema);
        await using (var marking = (NpgsqlConnection)await target.Open(cancellationToken))
        {
            await marking.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {PostgresTarget.Schema}; COMMENT ON SCHEMA {PostgresTarget.Schema} IS '{mark}'");
        }

        source.Migrate(typeof(UserInterface).Assembly);
        target.Migrate(typeof(UserInterface).Assembly);
        await using var from = await source.Open(cancellationToken);
        await target.Write(
            async transaction =>
            {
                var to = (NpgsqlConnection)transaction.Connection!;
                var tables = await TableCopy.Tables(from);

                // New tables are born with a few rows of their own.
                await to.ExecuteAsync($"TRUNCATE {string.Join(", ", tables)}");
                foreach (var table in tables)
                {
                    var sent = await TableCopy.Copy(from, to, table, rows => output.WriteLine($"  {table}: {rows:N0} rows so far"), cancellationToken);
                    var there = await TableCopy.Verify(to, table, cancellationToken);
                    if (sent != there)
                    {
                        throw new Complaint(ExitCode.Fault, $"{table} has {there.Rows} rows (sum {there.Sum:x16}) after {sent.Rows} (sum {sent.Sum:x16}) were copied. Nothing was changed; the installation stays with its file.");
                    }

                    await output.WriteLineAsync($"  {table}: {sent.Rows} rows, sum {sent.Sum:x16}, the same on both sides");
                }
            },
            cancellationToken);
    }

    /// <summary>
    /// What stands on the schema until <c>lui.ini</c> leads to it: killed before, this server may begin again, and no other may.
    /// Killed behind it the mark stays and opens nothing, because this server has no SQLite file to move any more.
    /// </summary>
    private static string Mark(string file)
    {
        var path = file + ".move";
        if (!File.Exists(path))
        {
            PrivateFile.Replace(path, Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(32, lowercase: true)));
        }

        return $"Tutti is being moved here: {new string([.. File.ReadAllText(path).Where(char.IsAsciiHexDigit)])}";
    }

    private static async Task Unmark(string url, string file)
    {
        _ = PostgresUrl.TryRead(url, out var connectionString, out _);
        await using var target = Database.OnPostgres(connectionString!, PostgresTarget.Schema);
        await using (var connection = await target.Open(CancellationToken.None))
        {
            await connection.ExecuteAsync($"COMMENT ON SCHEMA {PostgresTarget.Schema} IS NULL");
        }

        File.Delete(file + ".move");
    }

    private void Switch(string file, string url)
    {
        var urlFile = SystemDatabaseFile.Write(home, url);
        var ini = File.ReadAllText(home.ComponentIni("lui"));
        ini = IniEdit.Set(ini, nameof(DatabaseSettings.DatabaseUrl), $"file:{urlFile}");
        ini = IniEdit.Set(ini, nameof(DatabaseSettings.Database), "postgres");
        PrivateFile.Replace(home.ComponentIni("lui"), Encoding.UTF8.GetBytes(ini), clock.GetUtcNow());
        var kept = $"{file}.{clock.GetUtcNow():yyyy-MM-dd'T'HHmmss'Z'}";
        File.Move(file, kept);
        output.WriteLine($"The system database is on PostgreSQL now. The old one is kept at {kept}.");
    }
}
