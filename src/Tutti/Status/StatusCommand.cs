// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Grpc.Core;
using Tutti.Contracts.Hub.Control.V1;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor;

namespace Tutti.Commands.Status;

/// <summary><c>tutti status</c>: how this server's components are, whichever processes carry them.</summary>
internal static class StatusCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create()
    {
        var home = HomeOption.Create();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("status", "Shows how the components of a server are; where the hub runs, all servers. Ends with 1 if they are not alike in how they are secured.") { home, json };
        command.SetAction((parsed, cancellationToken) => Run(
            HomeOption.Existing(parsed.GetRequiredValue(home)), parsed.GetValue(json), parsed.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    private static async Task<int> Run(HomeFolder home, bool json, TextWriter output, CancellationToken cancellationToken)
    {
        var configuration = ServerConfiguration.Read(home, Environment.GetEnvironmentVariables());
        using var server = await RunningServer.Find(home, TimeProvider.System, cancellationToken);
        var files = CorridorFiles.Look(home, configuration, Environment.GetEnvironmentVariables(), TimeProvider.System);
        var report = StatusReport.Of(configuration, server.Processes, files, await Installation(server, cancellationToken));
        await output.WriteLineAsync(json ? report.ToJson() : report.ToText());
        return report.IsAlike ? ExitCode.Done : ExitCode.Differs;
    }

    /// <summary>What the hub knows of all servers; null where it does not run here.</summary>
    private static async Task<ServerList?> Installation(RunningServer server, CancellationToken cancellationToken)
    {
        if (server.ChannelOf("hub") is not { } channel)
        {
            return null;
        }

        try
        {
            return await new Contracts.Hub.Control.V1.Servers.ServersClient(channel).ListAsync(new ListRequest(), cancellationToken: cancellationToken);
        }
        catch (RpcException)
        {
            // It is stopped or on its way up: then only this server is shown.
            return null;
        }
    }
}
