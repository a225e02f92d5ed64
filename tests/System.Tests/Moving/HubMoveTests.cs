// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Running;
using Tutti.Testing;

namespace Tutti.System.Tests.Moving;

/// <summary>The hub gets another server, and the User Interface finds it there after one command.</summary>
public sealed class HubMoveTests : SystemTest
{
    [Fact]
    [Trait("Row", "C-1.2.1")]
    [Trait("Row", "C-1.2.3")]
    public async Task The_user_interface_follows_the_hub_without_a_restart_and_is_not_led_to_something_else()
    {
        using var archives = new TemporaryFolder();
        var layout = Own(Layout.Of("lui | hub | hub"));
        var (lui, old, fresh) = (layout.Servers[0], layout.Servers[1], layout.Servers[2]);
        await lui.SetUp(old.Peer, "lui.HubEvery=0.3s");
        await old.SetUp(hub: null, "hub.WatchEvery=0.3s");
        lui.Launch();
        old.Launch();
        await Task.WhenAll(lui.Ready(), old.Ready());
        await Knows(old, lui);
        var process = lui.Run.Id;

        // Its own authority makes the hub's name part of what all servers know.
        var authority = Path.Combine(old.Home, "hub", "data", "authority.p12");
        await File.WriteAllTextAsync(authority, "as if", Cancelled);
        (await old.Command("move", "export", "hub", "--out", archives.File("first.tar"))).Expect(0);
        var refused = (await fresh.Command("move", "import", archives.File("first.tar"), "--host", fresh.Host)).Expect(2).Error;
        Assert.Contains($"tutti cluster announce {fresh.Host}", refused, StringComparison.Ordinal);
        Assert.False(Directory.Exists(fresh.Home));
        (await old.Command("move", "cancel", "hub", "--yes")).Expect(0);
        File.Delete(authority);

        (await old.Command("move", "export", "hub", "--out", archives.File("hub.tar"))).Expect(0);
        Assert.Equal(0, await old.Stop());
        await fresh.Import(archives.File("hub.tar"));
        Assert.Contains("cannot be reached", (await lui.Command("hub", "at", fresh.Peer)).Expect(69).Error, StringComparison.Ordinal);
        Assert.Contains("refuses", (await lui.Command("hub", "at", lui.Peer)).Expect(69).Error, StringComparison.Ordinal);
        (await lui.Command("hub", "at", "somewhere:port")).Expect(64);
        await fresh.Start();
        Assert.Contains("from now on", (await lui.Command("hub", "at", fresh.Peer)).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await fresh.Command("hub", "at", lui.Peer)).Code);

        await Knows(fresh, lui);
        Assert.Equal((process, false), (lui.Run.Id, lui.Run.HasExited));
        (await fresh.Command("hub", "servers", "remove", old.Peer, "--yes", "--force")).Expect(0);
        Assert.Equal(0, await lui.Stop());
        await lui.Start();
        Assert.Contains($"Hub={fresh.Peer}", await File.ReadAllTextAsync(Path.Combine(lui.Home, "conf", "server.ini"), Cancelled), StringComparison.Ordinal);
        await Waiting.Until(() => lui.Run.Output.Contains("lui.hub.reached", StringComparison.Ordinal), TimeSpan.FromMinutes(1), layout.Explain);
    }

    private static Task Knows(ServerHome hub, ServerHome lui) => Waiting.Until(
        async () => (await hub.Command("hub", "servers", "list")).Output.Split('\n').Any(line => line.StartsWith(lui.Host, StringComparison.Ordinal) && line.Contains(" answers", StringComparison.Ordinal)),
        TimeSpan.FromMinutes(1),
        () => $"The hub does not know {lui.Peer}.\n{hub.Explain()}");
}
