// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Tutti.System.Tests.Running;

/// <summary>
/// A whole installation in a folder of its own on free ports: every component in a process of its own, or all in one.
/// Driven only by commands, signals and HTTP.
/// </summary>
public sealed class Installation : Site
{
    /// <summary>All components, the called before the callers.</summary>
    public static readonly IReadOnlyList<string> All = ["hub", "trk", "dst", "lui"];

    // The order in which set-up hands out internal ports.
    private static readonly List<string> _portOrder = ["lui", "hub", "trk", "dst"];
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);
    private readonly Dictionary<string, ServerRun> _running = [];
    private readonly List<ServerRun> _past = [];
    private readonly HttpClient _http2 = new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    private readonly int _port;
    private readonly bool _separate;

    private Installation(string home, int port, bool separate) => (Home, _port, _separate) = (home, port, separate);

    public override string Home { get; }

    public override Uri Web => new($"http://127.0.0.1:{_port}");

    public override Uri TrackerWeb => new($"http://127.0.0.1:{_port + 1}");

    public int SmtpPort => _port + 7;

    public string AdminPassword { get; } = "correct horse battery staple";

    private string PasswordFile => Path.Combine(Home, "..", Path.GetFileName(Home) + ".password");

    /// <summary>Sets an installation up; nothing runs yet.</summary>
    /// <param name="separate">Every component in a process of its own.</param>
    /// <param name="settings">Further entries, such as <c>dst.Mode=smarthost</c>.</param>
    public static async Task<Installation> SetUp(bool separate, params string[] settings)
    {
        var port = Ports.Block(20);
        // Short, because the home's Unix sockets must fit into 108 bytes.
        var home = Path.Combine(Path.GetTempPath(), $"tutti-{Environment.ProcessId}-{port}");
        var installation = new Installation(home, port, separate);
        await File.WriteAllTextAsync(installation.PasswordFile, installation.AdminPassword + "\n");
        string[] arguments =
        [
            "setup", "--home", home, "--components", "lui,hub,trk,dst", "--host", "127.0.0.1", "--bind", "127.0.0.1",
            "--web-port", $"{port}", "--tracker-web-port", $"{port + 1}", "--internal-port", $"{port + 2}", "--tracker-port", $"{port + 6}",
            "--smtp-port", $"{port + 7}", "--admin-password-file", installation.PasswordFile,
            "--set", $"lui.PublicUrl=http://127.0.0.1:{port}", "--set", $"trk.PublicUrl=http://127.0.0.1:{port + 1}",
            .. separate ? ["--separate"] : Array.Empty<string>(),
            .. settings.SelectMany(setting => new[] { "--set", setting }),
        ];
        (await Executable.Run(arguments)).Expect(0);
        return installation;
    }

    /// <summary>Starts every component and waits until all are ready.</summary>
    public async Task Start()
    {
        foreach (var part in _separate ? All : ["all"])
        {
            Launch(part);
        }

        foreach (var part in All)
        {
            await Ready(part);
        }
    }

    /// <summary>Starts one component's process again; does not wait.</summary>
    public void Launch(string part)
    {
        string[] arguments = part == "all" ? ["run", "--home", Home] : ["run", "--home", Home, "--only", part];
        _running[part] = new ServerRun(part, arguments);
    }

    /// <summary>Waits until a component says that it can do its work.</summary>
    public Task Ready(string component) => Waiting.Until(
        async () =>
        {
            if (_running[_separate ? component : "all"] is { HasExited: true } dead)
            {
                Assert.Fail($"{dead.Name} ended with {dead.ExitCode}.\n{dead.Output}");
            }

            try
            {
                using var answer = await _http2.GetAsync(new Uri($"http://127.0.0.1:{InternalPort(component)}/ready"), TestContext.Current.CancellationToken);
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        _patience,
        () => $"{component} does not become ready.\n{Explain()}");

    /// <summary>SIGKILL for the process of one component.</summary>
    public async Task Kill(string part)
    {
        await _running[part].Kill();
        _past.Add(_running[part]);
    }

    /// <summary>SIGTERM for the process of one component.</summary>
    public async Task<int> Stop(string part)
    {
        var code = await _running[part].Stop();
        _past.Add(_running[part]);
        return code;
    }

    /// <summary>A command on this installation.</summary>
    public Task<CommandResult> Command(params string[] arguments) => Executable.Run([.. arguments, "--home", Home]);

    /// <inheritdoc/>
    public override Task<CommandResult> CommandAt(string component, params string[] arguments) => Command(arguments);

    /// <inheritdoc/>
    public override string Explain() => string.Join(
        "\n\n",
        _past.Concat(_running.Values).Distinct().Select(run => $"--- {run.Name} ({(run.HasExited ? $"ended with {run.ExitCode}" : "runs")})\n{Tail(run.Output)}"));

    public override async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(Explain());
            TestContext.Current.TestOutputHelper?.WriteLine($"The installation was left in {Home}");
        }

        foreach (var run in _past.Concat(_running.Values).Distinct())
        {
            run.Dispose();
        }

        _http2.Dispose();
        if (TestContext.Current.TestState?.Result != TestResult.Failed)
        {
            await Task.Run(() => Directory.Delete(Home, recursive: true));
            File.Delete(PasswordFile);
        }

        await base.DisposeAsync();
    }

    private static string Tail(string text) => text.Length <= 6000 ? text : "…" + text[^6000..];

    private int InternalPort(string component) => _separate ? _port + 2 + _portOrder.IndexOf(component) : _port + 2;
}
