// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.BadInput;

/// <summary>A start that cannot succeed says why and leaves nothing running.</summary>
public sealed class BadStartTests : SystemTest
{
    [Fact]
    public async Task A_port_that_is_in_use_is_named()
    {
        var installation = Own(await Installation.SetUp(separate: false));
        using var occupant = new TcpListener(IPAddress.Loopback, installation.Web.Port);
        occupant.Start();

        var start = await Executable.Run("run", "--home", installation.Home);

        start.Expect(78);
        Assert.Contains($"{installation.Web.Port}", start.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", start.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_key_is_named_with_its_file_and_line()
    {
        var installation = Own(await Installation.SetUp(separate: false));
        var file = Path.Combine(installation.Home, "trk", "tracker.ini");
        await File.AppendAllTextAsync(file, "\nPublicURL=http://misspelt.example\n", Cancelled);
        var line = (await File.ReadAllLinesAsync(file, Cancelled)).Length;

        var start = await Executable.Run("run", "--home", installation.Home);

        start.Expect(78);
        Assert.Contains($"tracker.ini:{line}: PublicURL", start.Error, StringComparison.Ordinal);
        Assert.Contains("PublicUrl", start.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_complaints_come_at_once()
    {
        var installation = Own(await Installation.SetUp(separate: false));
        await File.AppendAllTextAsync(Path.Combine(installation.Home, "dst", "distributor.ini"), "\nConnections=0\n", Cancelled);
        await File.AppendAllTextAsync(Path.Combine(installation.Home, "lui", "lui.ini"), "\nNonsense=\\u12\n", Cancelled);

        var start = await Executable.Run("run", "--home", installation.Home);

        start.Expect(78);
        Assert.Contains("distributor.ini", start.Error, StringComparison.Ordinal);
        Assert.Contains("lui.ini", start.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_folder_is_not_run_twice()
    {
        var installation = Own(await Installation.SetUp(separate: true));
        installation.Launch("trk");
        await installation.Ready("trk");

        var second = await Executable.Run("run", "--home", installation.Home, "--only", "trk");

        Assert.NotEqual(0, second.Code);
        Assert.DoesNotContain("   at ", second.Error, StringComparison.Ordinal);
        Assert.Equal(0, await installation.Stop("trk"));
    }
}
