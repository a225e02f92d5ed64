// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Running;
using Tutti.Testing;

namespace Tutti.System.Tests.Guides;

/// <summary>Runs blocks of a guide on the hosts that they name: same commands, with this test's folders and names in place of the guide's.</summary>
internal sealed class GuideShell(Layout layout, TemporaryFolder folder, string database, int databasePort)
{
    /// <summary>Runs one block; answers what it printed.</summary>
    /// <param name="block">The commands.</param>
    /// <param name="line">Hears each line of it at once.</param>
    public async Task<string> Run(GuideBlock block, Action<string>? line = null)
    {
        await File.WriteAllTextAsync(folder.File("tutti"), $"#!/bin/sh\nexec env DOTNET_ROOT={Executable.StartInfo([]).Environment["DOTNET_ROOT"]} {Executable.Path} \"$@\"\n");
        File.SetUnixFileMode(folder.File("tutti"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var server = layout.Servers.FirstOrDefault(server => server.Host.StartsWith((block.Host is "old" ? "dst" : block.Host is "hub" ? "ui" : block.Host) + ".", StringComparison.Ordinal));
        var commands = block.Commands
            .Replace("@db.example.com/", $"@{database}:{databasePort}/", StringComparison.Ordinal)
            .Replace(".example.com", ".tutti.test", StringComparison.Ordinal)
            .Replace("/root/", folder.Path + "/", StringComparison.Ordinal)
            .Replace("/srv/tutti", server?.Home ?? "", StringComparison.Ordinal)
            .Replace("psql ", $"psql -h {database} -p {databasePort} -U postgres -d postgres ", StringComparison.Ordinal);
        string[] shell = ["bash", "-euo", "pipefail", "-c", $"export PATH={folder.Path}:$PATH\n{commands}"];
        using var process = Process.Start(server?.Network is { } network
            ? new ProcessStartInfo("ip", ["netns", "exec", network, .. shell]) { RedirectStandardOutput = true, RedirectStandardError = true }
            : new ProcessStartInfo(shell[0], shell[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (Read(process.StandardOutput, line), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{commands}\nended with {process.ExitCode}\n{await output}\n{await error}");
        return await output;
    }

    private static async Task<string> Read(StreamReader reader, Action<string>? line)
    {
        var all = new StringBuilder();
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } next)
        {
            all.Append(next).Append('\n');
            line?.Invoke(next);
        }

        return all.ToString();
    }
}
