// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tutti.Commands.Setup;
using Tutti.Commands.Status;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Demo;

/// <summary>The demo's folder: fresh at every run, and told apart from a real installation by a marker.</summary>
internal static class DemoHome
{
    private const string Marker = ".tutti-demo";

    /// <summary>Where the demo lives if nobody says otherwise: short, because the Unix sockets in it must fit into 108 bytes.</summary>
    public static string StandardPath => Path.Combine(Path.GetTempPath(), $"tutti-demo-{Environment.UserName}");

    /// <summary>Makes room: removes what an earlier demo left there.</summary>
    /// <exception cref="Complaint">The folder holds something else, or a demo that runs.</exception>
    public static async Task Clear(HomeFolder home, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(home.Path) || !Directory.EnumerateFileSystemEntries(home.Path).Any())
        {
            return;
        }

        if (!File.Exists(Path.Combine(home.Path, Marker)))
        {
            throw new Complaint(ExitCode.Refused, $"{home.Path} holds something that no demo made. Choose another folder with --home.");
        }

        using (var running = await RunningServer.Find(home, TimeProvider.System, cancellationToken))
        {
            if (running.Processes.FirstOrDefault() is { } process)
            {
                throw new Complaint(ExitCode.Refused, $"A demo is running in {home.Path} (process {process.ProcessId}). Stop it, or choose another folder with --home.");
            }
        }

        foreach (var folder in Directory.EnumerateDirectories(home.Path))
        {
            Directory.Delete(folder, recursive: true);
        }

        // The marker goes last, so that a run that breaks off here can be repeated.
        foreach (var file in Directory.EnumerateFiles(home.Path).OrderBy(file => Path.GetFileName(file) == Marker))
        {
            File.Delete(file);
        }
    }

    /// <summary>Marks a folder that was just written.</summary>
    public static void Mark(HomeFolder home) =>
        File.WriteAllText(Path.Combine(home.Path, Marker), "Made by 'tutti demo', which replaces this folder at its next run.\n");

    /// <summary>A server with all components on free ports of this machine; all mail is captured.</summary>
    public static SetupPlan Plan()
    {
        var ports = FreePorts(5);
        return new SetupPlan
        {
            Components = ["lui", "hub", "trk", "dst"],
            HostName = "localhost",
            Bind = "127.0.0.1",
            WebPort = ports[0],
            TrackerWebPort = ports[1],
            InternalPort = ports[2],
            TrackerPort = ports[3],
            SmtpPort = ports[4],
            Assignments =
            [
                new("lui", "PublicUrl", $"http://localhost:{ports[0]}"),
                new("lui", "FetchEvery", "0.5s"),

                // The letter's links lead to hosts that nobody has.
                new("lui", "CheckLinks", "no"),
                new("trk", "PublicUrl", $"http://localhost:{ports[1]}"),
                new("dst", "Mode", "capture"),
                new("dst", "RetryAfter", "2s"),
            ],
        };
    }

    private static List<int> FreePorts(int count)
    {
        // All are held until the last one is known, so that none comes twice.
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToList();
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
