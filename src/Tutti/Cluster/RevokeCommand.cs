// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Commands.Servers;
using Tutti.Contracts.Hub.Control.V1;
using HubCluster = Tutti.Contracts.Hub.Control.V1.Cluster;

namespace Tutti.Commands.Cluster;

/// <summary><c>tutti cluster revoke</c>: takes certificates back, on all servers.</summary>
internal static class RevokeCommand
{
    public static Command Create()
    {
        var home = HomeOption.Create();
        var which = new Argument<string>("NAME|SERIAL") { Description = "A host name, for all its certificates, or the serial of one." };
        var yes = Question.YesOption();
        var command = new Command("revoke", "Takes certificates of the installation's authority back; every server refuses them from then on.") { which, home, yes };
        command.SetAction(async (parsed, token) =>
        {
            var name = parsed.GetRequiredValue(which);
            await Question.Ask(parsed.GetValue(yes), $"Every server will refuse the certificates of {name} at once, and close its connections.", "Revoke them?", parsed.InvocationConfiguration);
            return await RunningHub.Call(parsed.GetRequiredValue(home), async channel =>
            {
                var revoked = await new HubCluster.ClusterClient(channel).RevokeAsync(new RevokeRequest { Which = name }, cancellationToken: token);
                foreach (var serial in revoked.Serials)
                {
                    await parsed.InvocationConfiguration.Output.WriteLineAsync($"Revoked: {serial}");
                }

                foreach (var server in revoked.NotTold)
                {
                    await parsed.InvocationConfiguration.Output.WriteLineAsync($"note: {server} does not answer; it is told as soon as it does.");
                }

                return ExitCode.Done;
            }, token);
        });
        return command;
    }
}
