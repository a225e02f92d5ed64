// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Commands.Servers;
using Tutti.Contracts.Hub.Control.V1;
using HubCluster = Tutti.Contracts.Hub.Control.V1.Cluster;

namespace Tutti.Commands.Cluster;

/// <summary><c>tutti cluster init</c>: makes the authority, on the server that carries the hub.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var home = HomeOption.Create();
        var domains = AuthorityDomain.Create();
        var command = new Command("init", "Makes the authority and this server's certificate; on the server that carries the hub, which has to be running.") { home, domains };
        command.SetAction((parsed, token) => RunningHub.Call(parsed.GetRequiredValue(home), async channel =>
        {
            var (any, list) = AuthorityDomain.Of(parsed.GetValue(domains));
            var made = await new HubCluster.ClusterClient(channel).InitAsync(new InitRequest { AnyDomain = any, Domains = { list } }, cancellationToken: token);
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync($"The installation has an authority of its own. SHA-256 of its root: {made.RootFingerprint}");
            await output.WriteLineAsync(FormattableString.Invariant($"This server's certificate is good until {DateTimeOffset.FromUnixTimeMilliseconds(made.NotAfterMs):yyyy-MM-dd}; the hub renews it."));
            await output.WriteLineAsync(made.Secured
                ? "Restart this server now; from then on it is secured."
                : $"This server stays plain until all are prepared. On {string.Join(", ", made.Others)} run: tutti cluster prepare --home DIR; here, with each code: tutti hub servers add HOST --code CODE --home {parsed.GetRequiredValue(home)}");
            return ExitCode.Done;
        }, token));
        return command;
    }
}
