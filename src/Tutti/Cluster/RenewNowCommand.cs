// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Commands.Servers;
using Tutti.Contracts.Hub.Control.V1;
using HubCluster = Tutti.Contracts.Hub.Control.V1.Cluster;

namespace Tutti.Commands.Cluster;

/// <summary><c>tutti cluster renew</c>: new certificates before they are due, for example before old ones are revoked.</summary>
internal static class RenewNowCommand
{
    public static Command Create()
    {
        var home = HomeOption.Create();
        var name = new Argument<string?>("HOST") { Description = "Whose; all servers without it.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("renew", "Renews certificates of the installation's authority now; without it the hub does so at two thirds of their life.") { name, home };
        command.SetAction((parsed, token) => RunningHub.Call(parsed.GetRequiredValue(home), async channel =>
        {
            var done = await new HubCluster.ClusterClient(channel).RenewAsync(new RenewRequest { Host = parsed.GetValue(name) ?? "" }, cancellationToken: token);
            foreach (var host in done.Renewed)
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"Renewed: {host}");
            }

            foreach (var host in done.Failed)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"tutti: the certificate of {host.Host} could not be renewed: {host.Problem}");
            }

            return done.Failed.Count == 0 ? ExitCode.Done : ExitCode.Unavailable;
        }, token));
        return command;
    }
}
