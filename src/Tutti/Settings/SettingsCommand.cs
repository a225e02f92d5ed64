// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Commands.Run;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Commands.Settings;

/// <summary><c>tutti settings</c>: every setting there is, with its default and its meaning. <c>docs/configuration.md</c> is its output.</summary>
internal static class SettingsCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create()
    {
        var command = new Command("settings", "List every setting with its default and its meaning, as Markdown.");
        command.SetAction(async parsed =>
        {
            await parsed.InvocationConfiguration.Output.WriteAsync(await Write());
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The list as Markdown.</summary>
    public static async Task<string> Write()
    {
        // The components are asked in a folder of their own, so that no installation is touched.
        var folder = Directory.CreateTempSubdirectory("tutti-settings-");
        try
        {
            var home = new HomeFolder(folder.FullName);
            foreach (var file in HomeFolder.ComponentNames.Select(home.ComponentIni).Append(home.ServerIni))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                await File.WriteAllTextAsync(file, file == home.ServerIni ? "Components=lui,hub,trk,dst\n" : "");
            }

            return Markdown(await SettingsCatalogue.Read(home, KnownComponents.All, TimeProvider.System));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Markdown(IReadOnlyList<SettingsFile> files)
    {
        var text = new StringWriter { NewLine = "\n" };
        text.WriteLine("# Settings");
        text.WriteLine();
        text.WriteLine("Written by `tutti settings`. Files follow the rules of Java's `.properties`, in UTF-8. Every setting can be overridden by an environment variable: `TUTTI_`, the");
        text.WriteLine("file's name without its ending, `_`, the key, all in capitals (`TUTTI_DISTRIBUTOR_SMARTHOST`). Secrets may be given as `file:/path`, whose first line counts.");
        foreach (var file in files)
        {
            text.WriteLine();
            text.WriteLine($"## {file.File}");
            text.WriteLine();
            text.WriteLine("| key | default | allowed | meaning |");
            text.WriteLine("|---|---|---|---|");
            foreach (var (setting, standard) in file.Settings)
            {
                text.WriteLine($"| `{setting.Key}` | {Code(standard)} | {setting.Allowed} | {setting.Description} |");
            }
        }

        return text.ToString();
    }

    private static string Code(string text) => text.Length == 0 ? "" : $"`{text}`";
}
