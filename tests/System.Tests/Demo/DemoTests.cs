// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Demo;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_adds_up_and_can_be_run_again()
    {
        var home = Path.Combine(Path.GetTempPath(), $"tutti-demo-{Environment.ProcessId}");
        try
        {
            for (var run = 0; run < 2; run++)
            {
                var demo = (await Executable.Run(TimeSpan.FromMinutes(4), "demo", "--exit", "--home", home)).Expect(0);

                using var figures = JsonDocument.Parse(demo.LastLine);
                long Number(string name) => figures.RootElement.GetProperty(name).GetInt64();
                Assert.Equal(1000, Number("planned"));
                Assert.Equal(
                    Number("planned"), Number("accepted") + Number("refused") + Number("expired") + Number("suppressed") + Number("withdrawn") + Number("inDoubt"));
                Assert.Equal(0, Number("waiting"));
                Assert.Equal((32, 24), (Number("refused"), Number("suppressed")));
                Assert.InRange(Number("opened"), 300, 600);
                Assert.InRange(Number("clicked"), 100, 300);
            }
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    [Fact]
    public async Task A_folder_that_no_demo_made_is_left_alone()
    {
        var home = Directory.CreateTempSubdirectory("tutti-nodemo-").FullName;
        var file = Path.Combine(home, "thesis.txt");
        await File.WriteAllTextAsync(file, "mine", TestContext.Current.CancellationToken);

        (await Executable.Run("demo", "--exit", "--home", home)).Expect(2);

        Assert.True(File.Exists(file));
        Directory.Delete(home, recursive: true);
    }
}
