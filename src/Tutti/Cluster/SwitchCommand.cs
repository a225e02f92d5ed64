// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Grpc.Core;
using Tutti.Commands.Servers;
using Tutti.Commands.Status;
using Tutti.Contracts.Hub.Control.V1;
using Tutti.Contracts.Server.V1;
using HubCluster = Tutti.Contracts.Hub.Control.V1.Cluster;

namespace Tutti.Commands.Cluster;

/// <summary><c>tutti cluster switch</c>: all servers from plain to secured at once, while their components stay up.</summary>
internal static class SwitchCommand
{
    public static Command Create()
    {
        var home = HomeOption.Create();
        var back = new Option<bool>("--back") { Description = "Undo it: from secured to plain." };
        var only = new Option<bool>("--only-this") { Description = "This server only, for one that the hub did not reach." };
        var command = new Command("switch", "Secures the connections between all prepared servers at once; on the server that carries the hub.") { home, back, only };
        command.SetAction((parsed, token) => parsed.GetValue(only)
            ? One(parsed.GetRequiredValue(home), parsed.GetValue(back), parsed.InvocationConfiguration.Output, token)
            : All(parsed.GetRequiredValue(home), parsed.GetValue(back), parsed.InvocationConfiguration, token));
        return command;
    }

    private static Task<int> All(string home, bool back, InvocationConfiguration console, CancellationToken cancellationToken) => RunningHub.Call(home, async channel =>
    {
        var word = back ? "plain" : "secured";
        var done = await new HubCluster.ClusterClient(channel).SwitchAsync(new SwitchClusterRequest { Back = back }, cancellationToken: cancellationToken);
        await console.Output.WriteLineAsync($"This server is {word} now.");
        foreach (var server in done.Switched)
        {
            await console.Output.WriteLineAsync($"{server} is {word} now.");
        }

        foreach (var server in done.Missing)
        {
            await console.Error.WriteLineAsync(
                $"tutti: {server} did not come back {word} in time. Look into its log; there: tutti cluster switch --only-this{(back ? " --back" : "")} --home DIR{(back ? "" : "; or undo it for all: tutti cluster switch --back")}");
        }

        return done.Missing.Count == 0 ? ExitCode.Done : ExitCode.TimedOut;
    }, cancellationToken);

    private static async Task<int> One(string path, bool back, TextWriter output, CancellationToken cancellationToken)
    {
        var home = HomeOption.Existing(path);
        using var server = await RunningServer.Find(home, TimeProvider.System, cancellationToken);
        var isAny = false;
        foreach (var process in server.Controls)
        {
            try
            {
                var corridor = (await process.SwitchCorridorAsync(new SwitchRequest { Back = back }, cancellationToken: cancellationToken)).Corridor;
                await output.WriteLineAsync($"This server is {corridor.State} now.");
                isAny = true;
            }
            catch (RpcException exception)
            {
                throw new Complaint(ExitCode.Refused, exception.Status.Detail);
            }
        }

        return isAny ? ExitCode.Done : throw new Complaint(ExitCode.Unavailable, $"The server in {home.Path} is not running. Start it with: tutti run --home {home.Path}");
    }
}
