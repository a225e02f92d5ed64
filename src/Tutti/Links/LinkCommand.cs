// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Grpc.Core;
using Tutti.Commands.Status;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Links;

/// <summary><c>tutti link check</c>: is every connection between the servers good, and if not, why?</summary>
internal static class LinkCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create()
    {
        var home = HomeOption.Create();
        var all = new Option<bool>("--all") { Description = "Have every server of the installation try its connections; on the server of the Administration Hub only." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var check = new Command("check", "Tries every connection that this server dials, and its own listeners.") { home, all, json };
        check.SetAction((parsed, cancellationToken) => Run(
            HomeOption.Existing(parsed.GetRequiredValue(home)), parsed.GetValue(all), parsed.GetValue(json), parsed.InvocationConfiguration.Output, cancellationToken));
        return new Command("link", "Looks at the connections between the servers of an installation.") { check };
    }

    private static async Task<int> Run(HomeFolder home, bool all, bool json, TextWriter output, CancellationToken cancellationToken)
    {
        using var server = await RunningServer.Find(home, TimeProvider.System, cancellationToken);
        List<Control.ControlClient> processes = [.. all ? server.ProcessOf("hub") is { } hub ? [hub] : [] : server.Controls];
        if (processes.Count == 0)
        {
            throw new Complaint(ExitCode.Unavailable, all
                ? $"No running process of {home.Path} carries the Administration Hub, which alone knows all servers. Ask on its server, or without --all."
                : $"The server in {home.Path} is not running. Start it with: tutti run --home {home.Path}");
        }

        List<LinkRow> rows = [];
        foreach (var process in processes)
        {
            try
            {
                rows.AddRange((await process.CheckLinksAsync(new LinkCheckRequest { All = all }, cancellationToken: cancellationToken)).Rows);
            }
            catch (RpcException e)
            {
                throw new Complaint(e.StatusCode == StatusCode.FailedPrecondition ? ExitCode.Refused : ExitCode.Unavailable, e.Status.Detail);
            }
        }

        await output.WriteLineAsync(json ? LinkReport.ToJson(rows, TimeProvider.System.GetUtcNow()) : LinkReport.ToText(rows, TimeProvider.System.GetUtcNow()));
        return rows.TrueForAll(row => row.Good) ? ExitCode.Done : ExitCode.Refused;
    }
}
