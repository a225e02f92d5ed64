// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Testing.Server;

/// <summary>A real server process's worth of components inside the test: a home of its own, free ports, loopback only.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly TemporaryFolder? _ownFolder;

    private TestServer(HomeFolder home, ServerProcess process, TemporaryFolder? ownFolder)
    {
        Home = home;
        Process = process;
        _ownFolder = ownFolder;
    }

    public HomeFolder Home { get; }

    public ServerProcess Process { get; }

    public int InternalPort { get; private init; }

    public int TrackerPort { get; private init; }

    public Uri Web { get; private init; } = null!;

    public Uri TrackerWeb { get; private init; } = null!;

    /// <summary>Starts components with the default configuration and what is given here.</summary>
    /// <param name="components">Which ones.</param>
    /// <param name="settings">Per component, lines of its ini file: <c>("trk", "PublicUrl=http://…")</c>.</param>
    /// <param name="clock">The clock of all of them.</param>
    /// <param name="home">A folder that outlives this server, to start on it again; else one is made and removed.</param>
    public static async Task<TestServer> Start(
        IReadOnlyList<ComponentType> components, IReadOnlyList<(string Component, string Line)>? settings = null, TimeProvider? clock = null, HomeFolder? home = null)
    {
        var ownFolder = home is null ? new TemporaryFolder() : null;
        home ??= new HomeFolder(ownFolder!.Path);
        var (internalPort, trackerPort, web, trackerWeb) = (FreePort.Next(), FreePort.Next(), FreePort.Next(), FreePort.Next());
        var names = components.Select(component => component.Name).ToList();
        List<string> server =
        [
            $"Components={string.Join(',', names)}",
            "HostName=localhost",
            "Bind=127.0.0.1",
            $"InternalPort={internalPort}",
            $"TrackerPort={trackerPort}",
            $"WebPort={web}",
            $"TrackerWebPort={trackerWeb}",
        ];
        if (names.Contains("lui") && !names.Contains("hub"))
        {
            server.Add("Hub=localhost:1");
        }

        server.AddRange(settings?.Where(setting => setting.Component == "server").Select(setting => setting.Line) ?? []);
        Write(home.ServerIni, server);
        foreach (var name in names)
        {
            Write(home.ComponentIni(name), settings?.Where(setting => setting.Component == name).Select(setting => setting.Line) ?? []);
        }

        var process = await ServerProcess.Start(home, components, [], new Hashtable(), clock ?? TimeProvider.System, CancellationToken.None);
        return new TestServer(home, process, ownFolder)
        {
            InternalPort = internalPort,
            TrackerPort = trackerPort,
            Web = new UriBuilder("http", "127.0.0.1", web).Uri,
            TrackerWeb = new UriBuilder("http", "127.0.0.1", trackerWeb).Uri,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Process.Stop(CancellationToken.None);
        await Process.DisposeAsync();
        _ownFolder?.Dispose();
    }

    private static void Write(string path, IEnumerable<string> lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllLines(path, lines);
    }
}
