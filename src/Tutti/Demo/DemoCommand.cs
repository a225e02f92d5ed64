// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Commands.Run;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Demo;

/// <summary><c>tutti demo</c>: a whole installation with a campaign that really runs, on this machine alone.</summary>
internal static class DemoCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create()
    {
        var home = new Option<string>("--home") { Description = $"Folder of the demo; only a folder of an earlier demo is replaced. Default: {DemoHome.StandardPath}.", HelpName = "DIR", DefaultValueFactory = _ => DemoHome.StandardPath };
        var exit = new Option<bool>("--exit") { Description = "Stop after the report, and print the figures as one JSON object on the last line." };
        var command = new Command("demo", "Shows a whole campaign on this machine: nothing leaves it.") { home, exit };
        command.SetAction(parsed => Run(new HomeFolder(parsed.GetRequiredValue(home)), parsed.GetValue(exit), parsed.InvocationConfiguration));
        return command;
    }

    private static async Task<int> Run(HomeFolder home, bool exit, InvocationConfiguration console)
    {
        using var signals = new StopSignals();
        try
        {
            return await new DemoRun(home, console, TimeProvider.System).Play(exit ? null : signals.WaitForFirst, signals.First, signals.Second);
        }
        catch (OperationCanceledException) when (signals.First.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
    }
}
