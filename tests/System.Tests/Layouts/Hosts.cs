// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Tutti.System.Tests.Layouts;

/// <summary>
/// Several hosts on this machine: network namespaces, each with an address, a hosts file and a route of its own, and a
/// router between them that can be told to lose what two of them say to each other. This process stands for the
/// internet. Needs root and iproute2; everything is removed at the end.
/// </summary>
public sealed class Hosts : IAsyncDisposable
{
    private const string Prefix = "tutti-";
    private readonly List<(string Name, IPAddress Address)> _hosts = [];
    private static int _made;
    private readonly int _number = Interlocked.Increment(ref _made);

    private Hosts()
    {
    }

    /// <summary>The address of this process for the hosts.</summary>
    public IPAddress Outside => Address(9);

    /// <summary>Two tests at a time have hosts of their own, with other names and addresses.</summary>
    private string Serial => $"{Environment.ProcessId}-{_number}";

    private int Block => 64 + ((Environment.ProcessId + (_number * 31)) % 128);

    private string Router => $"{Prefix}{Serial}-fw";

    /// <summary>Makes them, by their names.</summary>
    public static async Task<Hosts> Make(params IReadOnlyList<string> names)
    {
        var hosts = new Hosts();
        try
        {
            await RemoveStale();
            await hosts.Build(names);
            return hosts;
        }
        catch
        {
            await hosts.DisposeAsync();
            throw;
        }
    }

    /// <summary>A layout whose servers stand on hosts of their own, as an administrator sets them up.</summary>
    public Layout Layout(string division) => Layouts.Layout.Of(division, components => Server(NameOf(components), components));

    /// <summary>A server on one of the hosts.</summary>
    public ServerHome Server(string name, IReadOnlyList<string> components) =>
        new(components, Full(name), _hosts.Single(host => host.Name == name).Address.ToString(), NamespaceOf(name));

    /// <summary>Servers on hosts with names of their own.</summary>
    public Layout Named(params IReadOnlyList<(string Host, string Components)> servers) => Layouts.Layout.Made([.. servers.Select(server =>
        new ServerHome(server.Components.Split(','), Full(server.Host), _hosts.Single(host => host.Name == server.Host).Address.ToString(), NamespaceOf(server.Host)))]);

    /// <summary>Listens to what goes from host to host on the ports of the corridor.</summary>
    public Task<Capture> Listen() => Capture.Begin(Router);

    /// <summary>The hosts that a division needs.</summary>
    public static IReadOnlyList<string> NamesFor(string division) =>
        [.. division.Split('|', StringSplitOptions.TrimEntries).Select(part => NameOf(part.Split(',', StringSplitOptions.TrimEntries)))];

    /// <summary>From now on nothing that two servers say to each other arrives, and neither is told.</summary>
    public Task Cut(ServerHome one, ServerHome other) => Between("add", one, other);

    /// <summary>The way between two servers is open again.</summary>
    public Task Mend(ServerHome one, ServerHome other) => Between("del", one, other);

    /// <summary>From now on nothing passes between the servers but what was admitted: the way there, and the answers.</summary>
    public async Task Close(IReadOnlyList<ServerHome> servers)
    {
        foreach (var one in servers)
        {
            foreach (var other in servers.Where(other => other != one))
            {
                await Ip("-n", Router, "rule", "add", "priority", "300", "from", one.Address, "to", other.Address, "unreachable");
            }
        }
    }

    /// <summary>Lets connections from one server to a port of another through, or takes that back.</summary>
    public async Task Admit(ServerHome from, ServerHome to, int port, bool back = false)
    {
        var verb = back ? "del" : "add";
        await Ip("-n", Router, "rule", verb, "priority", "200", "from", from.Address, "to", to.Address, "ipproto", "tcp", "dport", $"{port}", "lookup", "main");
        await Ip("-n", Router, "rule", verb, "priority", "200", "from", to.Address, "to", from.Address, "ipproto", "tcp", "sport", $"{port}", "lookup", "main");
    }

    /// <summary>Whether one server reaches the internal port of another, tried from its own host.</summary>
    public static async Task<bool> Reaches(ServerHome one, ServerHome other)
    {
        var (code, _) = await Run(["netns", "exec", one.Network!, "timeout", "1", "bash", "-c", $": </dev/tcp/{other.Address}/{other.InternalPort}"]);
        return code == 0;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var network in _hosts.Select(host => NamespaceOf(host.Name)).Append(Router))
        {
            await Remove(network);
        }

        // The other end of the pair that leads here is gone with the router.
    }

    private static string NameOf(IReadOnlyList<string> components) => string.Join('-', components);

    private static string Full(string name) => name + ".tutti.test";

    private string NamespaceOf(string name) => $"{Prefix}{Serial}-{name}";

    private IPAddress Address(int net, int host = 10) => new([10, (byte)Block, (byte)net, (byte)host]);

    private async Task Build(IReadOnlyList<string> names)
    {
        await Ip("netns", "add", Router);
        await Ip("netns", "exec", Router, "sysctl", "-qw", "net.ipv4.ip_forward=1");
        var net = 0;
        foreach (var name in names)
        {
            net++;
            _hosts.Add((name, Address(net)));
            var network = NamespaceOf(name);
            await Ip("netns", "add", network);
            await Ip("-n", network, "link", "set", "lo", "up");
            await Connect(net, network);
        }

        await Connect(9, network: null);
        foreach (var name in names)
        {
            var folder = FolderOf(NamespaceOf(name));
            Directory.CreateDirectory(folder);
            await File.WriteAllLinesAsync(Path.Combine(folder, "hosts"), ["127.0.0.1 localhost", .. _hosts.Select(host => $"{host.Address} {Full(host.Name)}")]);

            // Who is not in that file is nowhere; nobody is asked over the network.
            await File.WriteAllTextAsync(Path.Combine(folder, "resolv.conf"), "");
        }
    }

    /// <summary>A pair of interfaces from the router to a host, or to this process.</summary>
    private async Task Connect(int net, string? network)
    {
        var (inner, outer) = ($"tu{Environment.ProcessId}x{_number % 100}i{net}", $"tu{Environment.ProcessId}x{_number % 100}o{net}");
        string[] there = network is null ? [] : ["-n", network];
        await Ip("link", "add", inner, "type", "veth", "peer", "name", outer);
        await Ip("link", "set", outer, "netns", Router);
        if (network is not null)
        {
            await Ip("link", "set", inner, "netns", network);
        }

        await Ip([.. there, "addr", "add", $"{Address(net)}/24", "dev", inner]);
        await Ip([.. there, "link", "set", inner, "up"]);
        await Ip("-n", Router, "addr", "add", $"{Address(net, 1)}/24", "dev", outer);
        await Ip("-n", Router, "link", "set", outer, "up");
        await Ip([.. there, "route", "add", network is null ? $"10.{Block}.0.0/16" : "default", "via", Address(net, 1).ToString()]);
    }

    private async Task Between(string verb, ServerHome one, ServerHome other)
    {
        await Ip("-n", Router, "rule", verb, "from", one.Address, "to", other.Address, "blackhole");
        await Ip("-n", Router, "rule", verb, "from", other.Address, "to", one.Address, "blackhole");
    }

    /// <summary>What a run that was killed has left behind.</summary>
    private static async Task RemoveStale()
    {
        if (!Directory.Exists("/run/netns"))
        {
            return;
        }

        foreach (var network in Directory.EnumerateFileSystemEntries("/run/netns").Select(path => Path.GetFileName(path)).Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (int.TryParse(network.Split('-')[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !Directory.Exists($"/proc/{id}"))
            {
                await Remove(network);
            }
        }
    }

    private static async Task Remove(string network)
    {
        await Run(["netns", "del", network]);
        if (Directory.Exists(FolderOf(network)))
        {
            Directory.Delete(FolderOf(network), recursive: true);
        }
    }

    private static string FolderOf(string network) => Path.Combine("/etc/netns", network);

    private static async Task Ip(params string[] arguments)
    {
        var (code, error) = await Run(arguments);
        Assert.True(code == 0, $"ip {string.Join(' ', arguments)}: {error}");
    }

    private static async Task<(int Code, string Error)> Run(IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = await process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return (process.ExitCode, error.Trim());
    }
}
