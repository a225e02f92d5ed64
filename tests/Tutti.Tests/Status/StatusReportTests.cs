// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tutti.Commands.Tests.Status;

public sealed class StatusReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tutti-status-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Components_that_no_process_carries_are_shown_as_stopped()
    {
        var home = Path.Combine(_folder, "h");
        (await Terminal.Run("setup", "--home", home, "--host", "one.society.example", "--components", "hub,trk")).Expect(0);

        using var json = JsonDocument.Parse((await Terminal.Run("status", "--home", home, "--json")).Expect(0).Output);

        var components = json.RootElement.GetProperty("components").EnumerateArray().ToList();
        Assert.Equal(["hub", "trk"], components.Select(component => component.GetProperty("name").GetString()));
        Assert.All(components, component => Assert.Equal("stopped", component.GetProperty("state").GetString()));
    }
}
