// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tutti.System.Tests.Layouts;

/// <summary>What a server's process has open, read from the system: nothing but the corridor may be shared.</summary>
internal static class Surroundings
{
    /// <summary>Files that lie in a home, but not in this server's.</summary>
    public static IReadOnlyList<string> StrangeFiles(ServerHome server)
    {
        var open = Directory.EnumerateFileSystemEntries($"/proc/{server.Run.Id}/fd").Select(link => new FileInfo(link).LinkTarget ?? "").ToList();
        Assert.Contains(open, path => path.StartsWith(server.Home, StringComparison.Ordinal));
        var homes = Path.Combine(Path.GetTempPath(), "tutti-");
        return [.. open.Where(path => path.StartsWith(homes, StringComparison.Ordinal) && !path.StartsWith(server.Home + "/", StringComparison.Ordinal))];
    }

    /// <summary>Ports on which it waits for connections.</summary>
    public static IReadOnlyList<int> ListeningPorts(ServerHome server) => [.. Sockets(server).Where(socket => socket.State == "0A").Select(socket => PortOf(socket.Local)).Distinct()];

    /// <summary>Connections that it opened itself: those whose own end is no port on which it waits.</summary>
    public static IReadOnlyList<string> Outgoing(ServerHome server)
    {
        var own = ListeningPorts(server);
        return [.. Sockets(server).Where(socket => socket.State == "01" && !own.Contains(PortOf(socket.Local))).Select(socket => $"{socket.Local} -> {socket.Remote}")];
    }

    /// <summary>Connections that lead to no port of the installation, and not to the mail server outside.</summary>
    public static IReadOnlyList<string> StrangeConnections(ServerHome server, Layout layout, int outside)
    {
        HashSet<int> known = [outside, .. layout.Servers.SelectMany(one => new[] { one.InternalPort, one.TrackerPort, one.WebPort, one.TrackerWebPort })];
        return
        [
            .. Sockets(server)
                .Where(socket => socket.State == "01" && !known.Contains(PortOf(socket.Local)) && !known.Contains(PortOf(socket.Remote)))
                .Select(socket => $"{socket.Local} -> {socket.Remote}"),
        ];
    }

    private static IEnumerable<(string Local, string Remote, string State)> Sockets(ServerHome server)
    {
        var own = Directory.EnumerateFileSystemEntries($"/proc/{server.Run.Id}/fd")
            .Select(link => new FileInfo(link).LinkTarget ?? "")
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(target => target["socket:[".Length..^1])
            .ToHashSet();
        return new[] { "tcp", "tcp6" }
            .SelectMany(table => File.ReadLines($"/proc/{server.Run.Id}/net/{table}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => own.Contains(fields[9]))
            .Select(fields => (fields[1], fields[2], fields[3]));
    }

    private static int PortOf(string endpoint) => int.Parse(endpoint[(endpoint.LastIndexOf(':') + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
