// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using Tutti.Lui.Tokens;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Kills;

/// <summary>The executable with nothing but a user interface, in a process of its own that can be killed; its database can be looked at beside it.</summary>
internal sealed class LuiServer : IAsyncDisposable
{
    private static readonly string _executable = Path.Combine(
        new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Parent!.Parent!.FullName, "Tutti", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "tutti");

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _said = new();
    private Process? _process;

    private LuiServer()
    {
        var web = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
        Client = new HttpClient { BaseAddress = new Uri(web, "/api/v1/") };
        Ready = new Uri(web, "/ready");
    }

    /// <summary>Calls with a valid token.</summary>
    public HttpClient Client { get; }

    /// <summary>Its database, open beside the process.</summary>
    public Database Database { get; private set; } = null!;

    /// <summary>The folder of its archives.</summary>
    public string Archives => Path.Combine(Home, "lui", "archive");

    private Uri Ready { get; }

    private string Home => _folder.File("home");

    private string DatabasePath => Path.Combine(Home, "lui", "data", UserInterface.DatabaseFile);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Sets one up; nothing runs yet.</summary>
    /// <param name="database">A SQLite file that becomes its database; null for a new one.</param>
    /// <param name="settings">Entries of <c>lui.ini</c>.</param>
    public static async Task<LuiServer> SetUp(string? database, params string[] settings)
    {
        var server = new LuiServer();
        await Tool.Run(
            _executable,
            [
                "setup", "--home", server.Home, "--components", "lui", "--host", "127.0.0.1", "--bind", "127.0.0.1", "--hub", $"127.0.0.1:{FreePort.Next()}",
                "--internal-port", $"{FreePort.Next()}", "--web-port", $"{server.Ready.Port}",
                .. settings.SelectMany(setting => new[] { "--set", "lui." + setting }),
            ]);
        if (database is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(server.DatabasePath)!);
            File.Copy(database, server.DatabasePath, overwrite: true);
        }

        server.Database = Database.OnSqlite(server.DatabasePath);
        server.Database.Migrate(typeof(UserInterface).Assembly);
        var (_, secret) = (await new TokenCommands(server.Database, TimeProvider.System).Create("test", "test", Cancelled)).Value;
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return server;
    }

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task Start()
    {
        var start = new ProcessStartInfo(_executable, ["run", "--home", Home]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

        // The launcher knows a few places of the runtime only; the tests run on one that works.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        await Until(Answers, "It does not answer.");
    }

    /// <summary>SIGKILL: no farewell, no flush.</summary>
    public async Task Kill()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(Cancelled);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Waits for something that becomes true by what the process does.</summary>
    public async Task Until(Func<Task<bool>> reached, string otherwise)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await reached())
        {
            Assert.False(_process is { HasExited: true }, $"It has ended.\n{string.Join('\n', _said)}");
            Assert.True(Stopwatch.GetElapsedTime(since) < _patience, $"{otherwise}\n{string.Join('\n', _said)}");
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, Cancelled);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }

        Client.Dispose();
        await Database.DisposeAsync();
        _folder.Dispose();
    }

    // Ready it is not before it has a hub; it answers before that.
    private async Task<bool> Answers()
    {
        try
        {
            using var answer = await Client.GetAsync("jobs?take=1", Cancelled);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
