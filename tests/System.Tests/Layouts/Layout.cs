// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Layouts;

/// <summary>An installation on several servers, written as its servers divide the components: <c>lui,hub | trk | dst</c>.</summary>
public sealed class Layout : Site
{
    private Layout(IReadOnlyList<ServerHome> servers) => Servers = servers;

    public IReadOnlyList<ServerHome> Servers { get; }

    /// <summary>Of several User Interfaces the one that people use now; null for the first.</summary>
    public ServerHome? UserInterface { get; set; }

    /// <inheritdoc/>
    public override string Home => At("lui").Home;

    /// <inheritdoc/>
    public override Uri Web => (UserInterface ?? At("lui")).Web;

    /// <inheritdoc/>
    public override Uri TrackerWeb => At("trk").TrackerWeb;

    /// <summary>Servers with loopback addresses of their own on this host; nothing is set up yet.</summary>
    public static Layout Of(string division)
    {
        var serial = 0;
        return Of(division, components => new ServerHome(components, $"127.0.0.{20 + serial}", $"127.0.0.{20 + serial++}"));
    }

    /// <summary>Servers that the caller has made.</summary>
    public static Layout Made(IReadOnlyList<ServerHome> servers) => new(servers);

    /// <summary>Servers as the caller makes them.</summary>
    public static Layout Of(string division, Func<IReadOnlyList<string>, ServerHome> make) =>
        new([.. division.Split('|', StringSplitOptions.TrimEntries).Select(part => make(part.Split(',', StringSplitOptions.TrimEntries)))]);

    /// <summary>The first server that carries a component.</summary>
    public ServerHome At(string component) => Servers.First(server => server.Has(component));

    /// <summary>Sets all servers up, each for itself, in an order that the seed decides.</summary>
    public async Task SetUp(int seed, params string[] settings)
    {
        var order = Servers.ToArray();
        new Random(seed).Shuffle(order);
        foreach (var server in order)
        {
            await server.SetUp(At("hub").Peer, settings);
        }
    }

    /// <summary>Starts all, in another order, and tells HUB of those that cannot make themselves known.</summary>
    public async Task Start(int seed)
    {
        var order = Servers.ToArray();
        new Random(seed + 1).Shuffle(order);
        foreach (var server in order)
        {
            server.Launch();
        }

        foreach (var server in order)
        {
            await server.Ready();
        }

        foreach (var server in Servers.Where(server => !server.Has("hub") && !server.Has("lui")))
        {
            // A machine under load may take longer to answer than the hub waits.
            CommandResult? added = null;
            await Waiting.Until(
                async () => (added = await At("hub").Command("hub", "servers", "add", server.Peer)).Code == 0,
                TimeSpan.FromMinutes(1),
                () => $"{server.Peer} cannot be added: {added?.Error}");
        }
    }

    /// <inheritdoc/>
    public override Task<CommandResult> CommandAt(string component, params string[] arguments) => At(component).Command(arguments);

    /// <inheritdoc/>
    public override string Explain() => string.Join("\n\n", Servers.Select(server => server.Explain()));

    public override async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(Explain());
            TestContext.Current.TestOutputHelper?.WriteLine($"The homes were left: {string.Join(", ", Servers.Select(server => server.Home))}");
        }

        await base.DisposeAsync();
        foreach (var server in Servers)
        {
            await server.DisposeAsync();
        }
    }
}
