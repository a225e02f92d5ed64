// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Tutti.Commands.Settings;

namespace Tutti.Commands.Tests.Settings;

public sealed class SettingsCommandTests
{
    [Fact]
    public async Task The_reference_in_the_documentation_is_what_the_components_declare()
    {
        var written = await File.ReadAllTextAsync(Path.Combine(Folder(), "../../../docs/configuration.md"), TestContext.Current.CancellationToken);

        Assert.Equal(await SettingsCommand.Write(), written);
    }

    [Fact]
    public async Task Every_setting_says_what_it_means()
    {
        var rows = (await SettingsCommand.Write()).Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(rows);
        Assert.DoesNotContain(rows, row => row.EndsWith("|  |", StringComparison.Ordinal));
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
