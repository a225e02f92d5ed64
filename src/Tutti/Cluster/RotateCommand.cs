// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using Tutti.Commands.Servers;
using Tutti.Contracts.Hub.Control.V1;
using HubCluster = Tutti.Contracts.Hub.Control.V1.Cluster;

namespace Tutti.Commands.Cluster;

/// <summary><c>tutti cluster rotate</c>: another authority in the place of this one.</summary>
internal static class RotateCommand
{
    public static Command Create()
    {
        var home = HomeOption.Create();
        var domains = AuthorityDomain.Create();
        var only = new Option<bool>("--continue") { Description = "Begin nothing: go on with a change that is under way, and say how far it is." };
        var command = new Command("rotate", "Makes a new authority beside the old one, renews every certificate from it, and drops the old one; each stage waits for all servers.") { home, domains, only };
        command.SetAction((parsed, token) => RunningHub.Call(parsed.GetRequiredValue(home), async channel =>
        {
            var (any, list) = AuthorityDomain.Of(parsed.GetValue(domains));
            var request = new RotateRequest { AnyDomain = any, Domains = { list }, OnlyOn = parsed.GetValue(only) };
            var reply = await new HubCluster.ClusterClient(channel).RotateAsync(request, cancellationToken: token);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"SHA-256 of the new root: {reply.RootFingerprint}");
            await parsed.InvocationConfiguration.Output.WriteLineAsync(reply.Stage switch
            {
                "spread" => "Stage 1 of 3: every server gets to trust the new root. The old one still signs.",
                "renew" => "Stage 2 of 3: every server trusts both roots, and gets a certificate of the new one.",
                "settle" when reply.WaitsFor.Count > 0 => "Stage 3 of 3: every server has a certificate of the new root. The old root is being dropped.",
                "settle" => string.Create(
                    CultureInfo.InvariantCulture,
                    $"Stage 3 of 3: every server has a certificate of the new root. The hub drops the old root at {DateTimeOffset.FromUnixTimeMilliseconds(reply.UntilMs):yyyy-MM-dd HH:mm:ss} UTC."),
                _ => "The authority was changed: every server trusts the new root only.",
            });
            foreach (var server in reply.WaitsFor)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"tutti: waits for {server.Host}: {server.Problem}");
            }

            if (reply.WaitsFor.Count > 0)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("tutti: the hub goes on by itself as soon as it can. One that does not come back is taken out with tutti hub servers remove");
            }

            return reply.WaitsFor.Count == 0 ? ExitCode.Done : ExitCode.TimedOut;
        }, token));
        return command;
    }
}
