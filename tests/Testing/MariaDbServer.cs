// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Tutti.Testing;

/// <summary>
/// A real MariaDB server with a data folder of its own, one per test assembly:
/// <c>[assembly: AssemblyFixture(typeof(MariaDbServer))]</c>. It starts when it is asked for the first time.
/// </summary>
public sealed class MariaDbServer : IAsyncLifetime
{
    /// <summary>The password of <c>root</c>.</summary>
    public const string Password = "s3cret of root";

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly TemporaryFolder _folder = new();
    private Process? _server;
    private int _databases;

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; } = FreePort.Next();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Makes an empty database and gives its name.</summary>
    public async Task<string> CreateDatabase()
    {
        await _turn.WaitAsync();
        try
        {
            if (_server is null)
            {
                await Start();
            }

            var name = string.Create(CultureInfo.InvariantCulture, $"t{++_databases}");
            await Run($"CREATE DATABASE {name} CHARACTER SET utf8mb4");
            return name;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Runs statements as its administrator.</summary>
    public Task<string> Run(string sql) => Tool.Run("mariadb", "--no-defaults", "-S", _folder.File("socket"), "-u", "root", $"-p{Password}", "-N", "-e", sql);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            _server.Kill();
            await _server.WaitForExitAsync();
            _server.Dispose();
        }

        _folder.Dispose();
        _turn.Dispose();
    }

    private async Task Start()
    {
        if (!File.Exists("/usr/sbin/mariadbd"))
        {
            throw new InvalidOperationException("MariaDB is not installed. Run ./test, which installs it, or: apt-get install mariadb-server");
        }

        var (data, socket) = (_folder.File("data"), _folder.File("socket"));
        var me = Environment.UserName;
        await Tool.Run("mariadb-install-db", "--no-defaults", $"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db", $"--user={me}");
        var start = new ProcessStartInfo(
            "/usr/sbin/mariadbd",
            [
                "--no-defaults", $"--datadir={data}", $"--socket={socket}", $"--pid-file={_folder.File("pid")}", $"--log-error={_folder.File("log")}",
                string.Create(CultureInfo.InvariantCulture, $"--port={Port}"), "--bind-address=127.0.0.1", $"--user={me}", "--innodb-flush-log-at-trx-commit=0",
            ]);
        _server = Process.Start(start)!;
        await Tool.Run("mariadb-admin", "--no-defaults", "-S", socket, "-u", "root", "--wait=60", "--connect-timeout=60", "ping");
        await Tool.Run("mariadb", "--no-defaults", "-S", socket, "-u", "root", "-e", $"ALTER USER root@localhost IDENTIFIED BY '{Password}'");
    }
}
