// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Commands.Status;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Cert;

/// <summary><c>tutti cert reload</c>: takes up changed files of the corridor at once and says what is wrong with them.</summary>
internal static class ReloadCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create()
    {
        var home = HomeOption.Create();
        var command = new Command("reload", "Takes up changed certificates, roots, lists and revocations in the running server now.") { home };
        command.SetAction((parsed, cancellationToken) => Run(
            HomeOption.Existing(parsed.GetRequiredValue(home)), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellationToken));
        return command;
    }

    private static async Task<int> Run(HomeFolder home, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        using var server = await RunningServer.Find(home, TimeProvider.System, cancellationToken);
        List<Control.ControlClient> processes = [.. server.Controls];
        if (processes.Count == 0)
        {
            throw new Complaint(ExitCode.Unavailable, $"The server in {home.Path} is not running; it reads the files when it starts.");
        }

        var isGood = true;
        foreach (var process in processes)
        {
            var corridor = (await process.ReloadCorridorAsync(new ReloadRequest(), cancellationToken: cancellationToken)).Corridor;
            foreach (var problem in corridor.Problems)
            {
                isGood = false;
                await error.WriteLineAsync($"tutti: {problem}");
            }

            await output.WriteLineAsync(corridor.NotAfterMs == 0
                ? corridor.State
                : FormattableString.Invariant($"{corridor.State}, certificate {corridor.Serial} good until {DateTimeOffset.FromUnixTimeMilliseconds(corridor.NotAfterMs):yyyy-MM-dd}"));
        }

        return isGood ? ExitCode.Done : ExitCode.Configuration;
    }
}
