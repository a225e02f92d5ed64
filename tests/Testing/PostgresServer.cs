// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Xunit;

namespace Tutti.Testing;

/// <summary>
/// A real PostgreSQL server with a data folder of its own, one per test assembly:
/// <c>[assembly: AssemblyFixture(typeof(PostgresServer))]</c>. It starts when the first database is asked for.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly string? _outside;

    public PostgresServer()
    {
    }

    private PostgresServer(string address) => _outside = address;

    /// <summary>A server that hosts of a test's own network reach too, by password.</summary>
    public static PostgresServer ReachedAt(string address) => new(address);

    public int Port => _port;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private string? _binaries;
    private int _databases;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Makes an empty database and gives its connection string.</summary>
    public async Task<string> CreateDatabase()
    {
        await _turn.WaitAsync();
        try
        {
            if (_binaries is null)
            {
                await Start();
            }

            var name = string.Create(CultureInfo.InvariantCulture, $"t{++_databases}");
            await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
            await command.ExecuteNonQueryAsync();
            return ConnectionString(name);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops the server as a shutdown of its host would; open connections end.</summary>
    public Task Stop() => Run($"{_binaries}/pg_ctl -D {Data} -m fast -w stop");

    /// <summary>Starts it again on the same port with the same databases.</summary>
    public Task StartAgain() => Run($"{_binaries}/pg_ctl -D {Data} -w -l {_folder.File("log")} -o '{Options}' start");

    public async ValueTask DisposeAsync()
    {
        if (_binaries is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await Run($"{_binaries}/pg_ctl -D {Data} -m immediate stop");
        }

        _folder.Dispose();
        _turn.Dispose();
    }

    private string Options => string.Create(
        CultureInfo.InvariantCulture,
        $"-p {_port} -c listen_addresses=127.0.0.1{(_outside is null ? "" : "," + _outside)} -c unix_socket_directories={_folder.Path} -c fsync=off -c max_connections=500");

    private string Data => _folder.File("data");

    private string ConnectionString(string database) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Include Error Detail=true");

    private async Task Start()
    {
        var binaries = Directory.EnumerateDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).LastOrDefault() is { } version
            ? Path.Combine(version, "bin")
            : throw new InvalidOperationException("PostgreSQL is not installed. Run ./test, which installs it, or: apt-get install postgresql");
        if (Environment.UserName == "root")
        {
            // The server refuses to run as root.
            using var chown = Process.Start("chown", ["postgres", _folder.Path]);
            await chown.WaitForExitAsync();
        }

        await Run($"{binaries}/initdb -D {Data} -A trust -U postgres -E UTF8 --locale=C.UTF-8 --no-sync");
        if (_outside is not null)
        {
            await Run($"echo 'host all postgres {_outside}/32 trust' >> {Data}/pg_hba.conf; echo 'host all all 10.0.0.0/8 scram-sha-256' >> {Data}/pg_hba.conf");
        }

        await Run($"{binaries}/pg_ctl -D {Data} -w -l {_folder.File("log")} -o '{Options}' start");
        _binaries = binaries;
    }

    private async Task Run(string command)
    {
        var start = Environment.UserName == "root"
            ? new ProcessStartInfo("su", ["postgres", "-c", command])
            : new ProcessStartInfo("sh", ["-c", command]);
        start.WorkingDirectory = _folder.Path;

        // Not redirected: the server would inherit the pipes and hold them open for its whole life.
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            var log = File.Exists(_folder.File("log")) ? await File.ReadAllTextAsync(_folder.File("log")) : "";
            throw new InvalidOperationException($"'{command}' ended with {process.ExitCode}. {log}");
        }
    }
}
