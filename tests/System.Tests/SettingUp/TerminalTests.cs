// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.SettingUp;

/// <summary>What people see who set a server up, or stop its tracker, at a terminal.</summary>
public sealed class TerminalTests : SystemTest, IDisposable
{
    private readonly string _home = Path.Combine(Path.GetTempPath(), $"tutti-{Environment.ProcessId}-{Ports.Serial()}");

    public void Dispose()
    {
        if (Directory.Exists(_home))
        {
            Directory.Delete(_home, recursive: true);
        }
    }

    [Fact]
    [Trait("Row", "C-1.1.2")]
    public async Task Two_of_four_are_ticked_by_key_and_the_others_stay_out()
    {
        var terminal = Own(new Pty("setup", "--home", _home, "--host", "mail.society.example"));
        await terminal.Shows("4 [ ] dst");
        Assert.DoesNotContain("[x]", terminal.Shown, StringComparison.Ordinal);
        await terminal.Press("j ");
        await terminal.Shows("> 2 [x] hub");
        await terminal.Press("4");
        await terminal.Shows("> 4 [x] dst");
        await terminal.Press("\r");

        Assert.Equal(0, await terminal.Ended());
        Assert.Equal(["commands", "conf", "dst", "hub", "logs"], Directory.EnumerateDirectories(_home).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    [Trait("Row", "C-1.1.2")]
    public async Task A_user_interface_alone_is_asked_for_its_hub()
    {
        var terminal = Own(new Pty("setup", "--home", _home, "--host", "ui.society.example"));
        await terminal.Shows("4 [ ] dst");
        await terminal.Press("1");
        await terminal.Shows("> 1 [x] lui");
        await terminal.Press("\r");
        await terminal.Shows("Where is the Administration Hub?");
        await terminal.Press("hub.society.example:1100\r");

        Assert.Equal(0, await terminal.Ended());
        Assert.Contains("Hub=hub.society.example:1100\n", await File.ReadAllTextAsync(Path.Combine(_home, "conf", "server.ini"), Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.2.0.13")]
    public async Task Who_does_not_name_the_server_is_asked_for_its_name()
    {
        var terminal = Own(new Pty("setup", "--home", _home, "--components", "trk"));
        await terminal.Shows("Name under which people and other servers reach this one [");
        await terminal.Press("trk.society.example\r");

        Assert.Equal(0, await terminal.Ended());
        Assert.Contains("HostName=trk.society.example\n", await File.ReadAllTextAsync(Path.Combine(_home, "conf", "server.ini"), Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-1.1.2")]
    public async Task With_nothing_ticked_nothing_is_set_up()
    {
        var terminal = Own(new Pty("setup", "--home", _home));
        await terminal.Shows("4 [ ] dst");
        await terminal.Press("\r");

        Assert.Equal(64, await terminal.Ended());
        Assert.False(Directory.Exists(_home));
    }

    [Fact]
    [Trait("Row", "C-1.0.7")]
    [Trait("Row", "C-1.1.3")]
    public async Task The_tracker_is_stopped_only_by_those_who_say_yes_and_nothing_else_is_there()
    {
        var server = Own(new ServerHome(["trk"], "127.0.0.20", "127.0.0.20"));
        await server.SetUp(hub: null);
        await server.Start();

        var unasked = await server.Command("component", "stop", "trk");
        var no = Own(new Pty("component", "stop", "trk", "--home", server.Home));
        await no.Shows("Stop the tracker? [y/N]");
        await no.Press("\r");
        var noCode = await no.Ended();
        var afterNo = await server.Command("status");
        var stranger = await server.Command("run", "--only", "lui");
        (await server.Command("component", "stop", "trk", "--yes")).Expect(0);

        unasked.Expect(64);
        Assert.Contains("--yes", unasked.Error, StringComparison.Ordinal);
        Assert.Equal(64, noCode);
        Assert.StartsWith("trk  running", afterNo.Output, StringComparison.Ordinal);
        stranger.Expect(64);
        Assert.Contains("lists: trk", stranger.Error, StringComparison.Ordinal);
        Assert.StartsWith("trk  stopped", (await server.Command("status")).Output, StringComparison.Ordinal);
        Assert.Equal(["commands", "conf", "logs", "trk"], Directory.EnumerateDirectories(server.Home).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(
            new[] { server.TrackerWebPort, server.InternalPort, server.TrackerPort }.Order(),
            Surroundings.ListeningPorts(server).Order());
        Assert.Equal(0, await server.Stop());
    }
}
