// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Dapper;
using Grpc.Net.Client;
using Tutti.Contracts.Dst.V1;
using Tutti.Contracts.Feed.V1;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Tests.Kills;

/// <summary>The executable with nothing but a distributor, in a process of its own that can be killed. The test calls it as the user interface does.</summary>
internal sealed class DistributorProcess : IAsyncDisposable
{
    private static readonly string _executable = Path.Combine(
        new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Parent!.Parent!.FullName, "Tutti", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "tutti");

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _said = new();
    private readonly GrpcChannel _channel;
    private readonly HttpClient _http = new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    private Process? _process;

    private DistributorProcess()
    {
        Internal = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
        _channel = GrpcChannel.ForAddress(Internal);
    }

    /// <summary>Where it takes mail that comes back.</summary>
    public int SmtpPort { get; } = FreePort.Next();

    /// <summary>The folder of the distributor in its home.</summary>
    public string Folder => Path.Combine(Home, "dst");

    private Uri Internal { get; }

    private string Home => _folder.File("home");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Sets one up; nothing runs yet.</summary>
    /// <param name="settings">Entries of <c>distributor.ini</c>, such as <c>Mode=mx</c>.</param>
    public static async Task<DistributorProcess> SetUp(params string[] settings)
    {
        var distributor = new DistributorProcess();
        await Tool.Run(
            _executable,
            [
                "setup", "--home", distributor.Home, "--components", "dst", "--host", "127.0.0.1", "--bind", "127.0.0.1",
                "--internal-port", $"{distributor.Internal.Port}", "--smtp-port", $"{distributor.SmtpPort}",
                .. settings.SelectMany(setting => new[] { "--set", "dst." + setting }),
            ]);
        return distributor;
    }

    /// <summary>Starts it and waits until it can do its work.</summary>
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
        await Until(IsReady, () => "It does not become ready.");
    }

    /// <summary>SIGKILL: no farewell, no flush.</summary>
    public async Task Kill()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(Cancelled);
        _process.Dispose();
        _process = null;
    }

    /// <summary>SIGKILL, and a new process.</summary>
    public async Task KillAndStart()
    {
        await Kill();
        await Start();
    }

    /// <summary>A number out of its store; only while it does not run.</summary>
    public async Task<long> Count(string query)
    {
        await using var database = Database.OnSqlite(Path.Combine(Folder, "data", Distributor.DatabaseFile));
        await using var connection = await database.Open(Cancelled);
        return await connection.ExecuteScalarAsync<long>(query);
    }

    public async Task Open(ulong job, Action<Delivery>? change = null)
    {
        var delivery = Make.WireDelivery(job, TimeProvider.System.GetUtcNow());
        change?.Invoke(delivery);
        await new Contracts.Dst.V1.Deliveries.DeliveriesClient(_channel).OpenAsync(delivery, cancellationToken: Cancelled);
    }

    public async Task Submit(ulong job, int count, Func<ulong, string> address, Action<Batch>? change = null)
    {
        var batch = Make.WireBatch(job, 1, 1, count, address);
        change?.Invoke(batch);
        await new Contracts.Dst.V1.Deliveries.DeliveriesClient(_channel).SubmitAsync(batch, cancellationToken: Cancelled);
    }

    public async Task<Progress> Progress(ulong job) =>
        await new Contracts.Dst.V1.Deliveries.DeliveriesClient(_channel).GetProgressAsync(new ProgressRequest { JobId = job }, cancellationToken: Cancelled);

    public Contracts.Dst.V1.Lanes.LanesClient Lanes => new(_channel);

    /// <summary>Waits until a delivery stands as asked for.</summary>
    public async Task<Progress> Until(ulong job, Func<Progress, bool> reached)
    {
        var progress = new Progress();
        await Until(async () => reached(progress = await Progress(job)), () => $"The delivery stands at {progress}.");
        return progress;
    }

    /// <summary>All events there are.</summary>
    public async Task<IReadOnlyList<Event>> Events() =>
        (await new Contracts.Dst.V1.Events.EventsClient(_channel).FetchAsync(new FetchRequest { MaxEvents = 10_000 }, cancellationToken: Cancelled)).Events;

    /// <summary>Waits for something that becomes true by what the process does.</summary>
    public async Task Until(Func<Task<bool>> reached, Func<string> otherwise)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await reached())
        {
            Assert.False(_process is { HasExited: true }, $"It has ended.\n{string.Join('\n', _said)}");
            Assert.True(Stopwatch.GetElapsedTime(since) < _patience, $"{otherwise()}\n{string.Join('\n', _said)}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancelled);
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

        _channel.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }

    private async Task<bool> IsReady()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(Internal, "/ready"), Cancelled);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
