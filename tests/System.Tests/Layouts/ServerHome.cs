// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Layouts;

/// <summary>One server of an installation: a home of its own, with an address, a name and ports of its own. Driven by commands and signals only.</summary>
public sealed class ServerHome : IAsyncDisposable
{
    /// <summary>The password that set-up gives the administrator where HUB is.</summary>
    public const string AdminPassword = "correct horse battery staple";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);
    private readonly HttpClient _http2 = new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact, Timeout = TimeSpan.FromSeconds(5) };
    private readonly List<ServerRun> _runs = [];

    /// <summary>A server that is not set up yet.</summary>
    /// <param name="components">What it carries.</param>
    /// <param name="host">The name under which the others reach it.</param>
    /// <param name="address">Where it listens.</param>
    /// <param name="network">The network namespace that stands for its host, or null for this one.</param>
    public ServerHome(IReadOnlyList<string> components, string host, string address, string? network = null)
    {
        (Components, Host, Address, Network) = (components, host, address, network);

        // A host of its own has all ports for itself.
        Port = network is null ? Ports.Block(12) : 0;
        Home = Path.Combine(Path.GetTempPath(), $"tutti-{Environment.ProcessId}-{Ports.Serial()}");
    }

    public IReadOnlyList<string> Components { get; }

    public string Host { get; }

    public string Address { get; }

    public string? Network { get; }

    public string Home { get; }

    public int WebPort => Network is null ? Port : 8080;

    public int TrackerWebPort => Network is null ? Port + 1 : 8081;

    public int InternalPort => Network is null ? Port + 2 : 1099;

    public int TrackerPort => Network is null ? Port + 6 : 7000;

    /// <summary>HOST:PORT, as the others and people write it.</summary>
    public string Peer => $"{Host}:{InternalPort}";

    public Uri Web => new($"http://{Address}:{WebPort}");

    public Uri TrackerWeb => new($"http://{Address}:{TrackerWebPort}");

    /// <summary>What set-up is told beyond components, name and ports.</summary>
    public IReadOnlyList<string> SetUpOptions { get; init; } = [];

    /// <summary>Where readers find its tracker; null for its own address.</summary>
    public Uri? TrackingAddress { get; init; }

    /// <summary>The last process, running or not.</summary>
    public ServerRun Run => _runs[^1];

    public bool IsRunning => _runs.Count > 0 && !Run.HasExited;

    /// <summary>Whether its ports of the corridor ask for a certificate, so that only commands reach it from here.</summary>
    public bool IsSecured { get; set; }

    private int Port { get; }

    private string PasswordFile => Home + ".password";

    public bool Has(string component) => Components.Contains(component);

    /// <summary>Sets it up with the command that an administrator would give; nothing runs yet.</summary>
    /// <param name="hub">HOST:PORT of HUB, for LUI on another server.</param>
    /// <param name="settings">Further entries; those of components that are not here are left out.</param>
    public async Task SetUp(string? hub, params string[] settings)
    {
        await File.WriteAllTextAsync(PasswordFile, AdminPassword + "\n");
        string[] ports =
        [
            "--bind", Address,
            "--web-port", $"{WebPort}", "--tracker-web-port", $"{TrackerWebPort}", "--internal-port", $"{InternalPort}", "--tracker-port", $"{TrackerPort}", "--smtp-port", $"{Port + 7}",
        ];
        (await Command(
            [
                "setup", "--components", string.Join(',', Components), "--host", Host,
                .. Network is null ? ports : [],
                .. Has("hub") ? new[] { "--admin-password-file", PasswordFile } : [],
                .. Has("lui") && !Has("hub") ? new[] { "--hub", hub! } : [],
                .. SetUpOptions,
                .. settings
                    .Append($"lui.PublicUrl={Web}").Append($"trk.PublicUrl={TrackingAddress ?? TrackerWeb}")
                    .Where(setting => Has(setting[..setting.IndexOf('.', StringComparison.Ordinal)]))
                    .SelectMany(setting => new[] { "--set", setting }),
            ])).Expect(0);
    }

    /// <summary>Writes further entries into the ini files of what it carries, as an administrator does with an editor.</summary>
    public async Task Configure(params IReadOnlyList<string> settings)
    {
        foreach (var setting in settings)
        {
            var dot = setting.IndexOf('.', StringComparison.Ordinal);
            if (Has(setting[..dot]))
            {
                var ini = setting[..dot] switch { "trk" => "trk/tracker.ini", "dst" => "dst/distributor.ini", var name => $"{name}/{name}.ini" };
                await File.AppendAllTextAsync(Path.Combine(Home, ini), "\n" + setting[(dot + 1)..] + "\n");
            }
        }
    }

    /// <summary>Makes it from what was exported elsewhere, in place of <see cref="SetUp"/>.</summary>
    public async Task Import(string archive, IReadOnlyList<string>? entries = null)
    {
        entries ??= [$"server.Bind={Address}", $"server.WebPort={WebPort}", $"server.TrackerWebPort={TrackerWebPort}", $"server.InternalPort={InternalPort}", $"server.TrackerPort={TrackerPort}", $"server.SmtpPort={Port + 7}"];
        (await Command(["move", "import", archive, "--host", Host, .. entries.SelectMany(entry => new[] { "--set", entry })])).Expect(0);
    }

    /// <summary>Where its internal port is asked whether it is ready; null for its address.</summary>
    public string? ReadyAt { get; set; }

    /// <summary>Starts its process; does not wait.</summary>
    public void Launch() => _runs.Add(new ServerRun(string.Join('+', Components), ["run", "--home", Home], Network));

    /// <summary>Waits until every component says that it can do its work.</summary>
    public Task Ready() => Waiting.Until(
        async () =>
        {
            if (Run.HasExited)
            {
                Assert.Fail($"{Run.Name} ended with {Run.ExitCode}.\n{Run.Output}");
            }

            // With all four the internal port listens on the loopback address of that host only.
            return IsSecured ? await StatusSaysReady() : ReadyAt is { } elsewhere ? await Answers(elsewhere) : Components.Count < 4 ? await Answers(Address) : Network is null ? await Answers("127.0.0.1") : await StatusSaysReady();
        },
        _patience,
        () => $"{Run.Name} does not become ready.\n{Run.Output}");

    /// <summary>Starts it and waits.</summary>
    public async Task Start()
    {
        Launch();
        await Ready();
    }

    /// <summary>Starts it and waits in another way.</summary>
    public Task Start(Func<ServerHome, Task> ready)
    {
        Launch();
        return ready(this);
    }

    /// <summary>SIGKILL.</summary>
    public Task Kill() => Run.Kill();

    /// <summary>SIGTERM, and waits for the end.</summary>
    public Task<int> Stop() => Run.Stop();

    /// <summary>A command on this server.</summary>
    public Task<CommandResult> Command(params string[] arguments) => Executable.Run(TimeSpan.FromMinutes(3), [.. arguments, "--home", Home], Network);

    public string Explain() => string.Join("\n\n", _runs.Select(run => $"--- {run.Name} at {Peer} ({(run.HasExited ? $"ended with {run.ExitCode}" : "runs")})\n{Tail(run.Output)}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var run in _runs)
        {
            run.Dispose();
        }

        _http2.Dispose();
        if (TestContext.Current.TestState?.Result != TestResult.Failed && Directory.Exists(Home))
        {
            await Task.Run(() => Directory.Delete(Home, recursive: true));
            File.Delete(PasswordFile);
        }
    }

    private static string Tail(string text) => text.Length <= 6000 ? text : "…" + text[^6000..];

    private async Task<bool> Answers(string address)
    {
        try
        {
            using var answer = await _http2.GetAsync(new Uri($"http://{address}:{InternalPort}/ready"), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private async Task<bool> StatusSaysReady()
    {
        var status = await Command("status", "--json");
        return status.Output.Split("\"ready\":true").Length == Components.Count + 1;
    }
}
