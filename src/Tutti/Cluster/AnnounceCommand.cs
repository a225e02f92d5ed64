// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Commands.Servers;
using Tutti.Contracts.Hub.Control.V1;
using HubCluster = Tutti.Contracts.Hub.Control.V1.Cluster;

namespace Tutti.Commands.Cluster;

/// <summary><c>tutti cluster announce</c>: has all servers let a name in, under which the hub will come back.</summary>
internal static class AnnounceCommand
{
    public static Command Create()
    {
        var home = HomeOption.Create();
        var name = new Argument<string>("HOST") { Description = "The name that the hub's next server has." };
        var command = new Command("announce", "Before the hub moves to a server of another name: all servers get that name into their lists.") { name, home };
        command.SetAction((parsed, token) => RunningHub.Call(parsed.GetRequiredValue(home), async channel =>
        {
            var reply = await new HubCluster.ClusterClient(channel).AnnounceAsync(new AnnounceRequest { Host = parsed.GetRequiredValue(name) }, cancellationToken: token);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"All servers let {reply.Host} in. Now: tutti move export hub --out FILE, and on the new server tutti move import FILE --host {reply.Host}");
            return ExitCode.Done;
        }, token));
        return command;
    }
}
