// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Status;

/// <summary><c>tutti status</c>: how this server's components are, whichever processes carry them.</summary>
internal static class StatusCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create()
    {
        var home = HomeOption.Create();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("status", "Shows how the components of a server are.") { home, json };
        command.SetAction((parsed, cancellationToken) => Run(
            HomeOption.Existing(parsed.GetRequiredValue(home)), parsed.GetValue(json), parsed.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    private static async Task<int> Run(HomeFolder home, bool json, TextWriter output, CancellationToken cancellationToken)
    {
        var configuration = ServerConfiguration.Read(home, Environment.GetEnvironmentVariables());
        using var server = await RunningServer.Find(home, TimeProvider.System, cancellationToken);
        var report = StatusReport.Of(configuration, server.Processes);
        await output.WriteLineAsync(json ? report.ToJson() : report.ToText());
        return ExitCode.Done;
    }
}
