// SPDX-License-Identifier: Apache-2.0
using Tutti.Commands.Demo;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Tests.Demo;

public sealed class DemoHomeTests : IDisposable
{
    private readonly HomeFolder _home = new(Directory.CreateTempSubdirectory("tutti-demo-").FullName);

    public void Dispose() => Directory.Delete(_home.Path, recursive: true);

    [Fact]
    public async Task A_folder_of_an_earlier_demo_is_emptied()
    {
        Directory.CreateDirectory(_home.Component("lui").Data);
        await File.WriteAllTextAsync(Path.Combine(_home.Component("lui").Data, "lui.sqlite"), "old", TestContext.Current.CancellationToken);
        DemoHome.Mark(_home);

        await DemoHome.Clear(_home, TestContext.Current.CancellationToken);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_home.Path));
    }

    [Fact]
    public async Task A_folder_without_the_marker_is_left_alone()
    {
        var file = Path.Combine(_home.Path, "thesis.txt");
        await File.WriteAllTextAsync(file, "mine", TestContext.Current.CancellationToken);

        var complaint = await Assert.ThrowsAsync<Complaint>(() => DemoHome.Clear(_home, TestContext.Current.CancellationToken));

        Assert.Equal(ExitCode.Refused, complaint.Code);
        Assert.True(File.Exists(file));
    }

    [Fact]
    public void Its_ports_are_all_different()
    {
        var plan = DemoHome.Plan();

        int[] ports = [plan.WebPort, plan.TrackerWebPort, plan.InternalPort, plan.TrackerPort, plan.SmtpPort];
        Assert.Equal(5, ports.Distinct().Count());
    }
}
