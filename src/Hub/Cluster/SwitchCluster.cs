// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Server.V1;
using Tutti.Hub.Audit;
using Tutti.Hub.Components;
using Tutti.Hub.Servers;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Transport;

namespace Tutti.Hub.Cluster;

/// <summary>Who came back as wanted, and who did not in time.</summary>
internal sealed record SwitchedCluster(IReadOnlyList<string> Switched, IReadOnlyList<string> Missing);

/// <summary>All servers from plain to secured at once, or back. Nothing is changed unless all of them answer over a secured connection first.</summary>
internal sealed class SwitchCluster(OwnAuthority authority, SpreadList spread, ServerStore servers, Peers peers, HomeFolder home, AuditStore audit, ClusterSettings settings, TimeProvider clock)
{
    private const int TellAgain = 8;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _askEvery = TimeSpan.FromMilliseconds(250);

    public sealed record Command(bool Back, Doer Who);

    public async Task<Outcome<SwitchedCluster>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!authority.Read().Is(out _, out var refusal))
        {
            return refusal;
        }

        var members = await spread.Members(cancellationToken);
        if (!command.Back && await Unready(members, cancellationToken) is { Count: > 0 } unready)
        {
            return ClusterRefusals.NotPrepared(unready);
        }

        foreach (var member in members)
        {
            await Tell(member, command.Back, cancellationToken);
        }

        if (await SwitchOwn(command.Back, cancellationToken) is { } problem)
        {
            return ClusterRefusals.NotSwitched(problem);
        }

        await audit.Add(command.Back ? "cluster.switched-back" : "cluster.switched", command.Who.Account, command.Who.From, string.Join(", ", members.Select(member => member.Address)), cancellationToken);
        return await Watch(members, command.Back, cancellationToken);
    }

    // One that is there already, or away, shows when all are watched.
    private Task<string?> Tell(KnownServer member, bool back, CancellationToken cancellationToken) => spread.Try(
        member, async (client, deadline) => await client.SwitchAsync(new SwitchRequest { Back = back }, deadline: deadline, cancellationToken: cancellationToken), cancellationToken);

    private async Task<List<string>> Unready(IReadOnlyList<KnownServer> members, CancellationToken cancellationToken)
    {
        var all = (await servers.All(cancellationToken)).Where(server => !HostNames.TryNormalize(server.Host, out var name) || name != authority.OwnName);
        List<string> unready = [.. all.Where(server => members.All(member => member.Address != server.Address)).Select(server => server.Address)];
        foreach (var member in members)
        {
            if (await StateOf(member, isSecured: true, cancellationToken) is not ("prepared" or "secured"))
            {
                unready.Add(member.Address);
            }
        }

        return unready;
    }

    private async Task<SwitchedCluster> Watch(IReadOnlyList<KnownServer> members, bool back, CancellationToken cancellationToken)
    {
        List<string?> wanted = back ? ["prepared", "plain"] : ["secured"];
        var deadline = clock.GetUtcNow() + settings.SwitchWithin;
        List<KnownServer> missing = [.. members];
        List<string> switched = [];
        for (var round = 1; ; round++)
        {
            foreach (var member in missing.ToList())
            {
                if (wanted.Contains(await StateOf(member, isSecured: false, cancellationToken)))
                {
                    missing.Remove(member);
                    switched.Add(member.Address);
                }
                else if (round % TellAgain == 0)
                {
                    // The first word may have come too late for it, or not at all.
                    await Tell(member, back, cancellationToken);
                }
            }

            if (missing.Count == 0 || clock.GetUtcNow() >= deadline)
            {
                return new SwitchedCluster(switched, [.. missing.Select(member => member.Address)]);
            }

            await Task.Delay(_askEvery, clock, cancellationToken);
        }
    }

    private async Task<string?> StateOf(KnownServer server, bool isSecured, CancellationToken cancellationToken)
    {
        try
        {
            var channel = isSecured ? peers.DialSecured(server.Host, server.Port) : peers.Dial(server.Host, server.Port);
            return (await new Server.ServerClient(channel).GetStatusAsync(new StatusRequest(), deadline: clock.GetUtcNow().UtcDateTime + _patience, cancellationToken: cancellationToken)).Corridor.State;
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<string?> SwitchOwn(bool back, CancellationToken cancellationToken)
    {
        foreach (var path in ControlSocket.In(home))
        {
            using var channel = ControlSocket.Dial(path);
            try
            {
                await new Control.ControlClient(channel).SwitchCorridorAsync(new SwitchRequest { Back = back }, cancellationToken: cancellationToken);
            }
            catch (RpcException failure) when (failure.StatusCode is StatusCode.Unavailable or StatusCode.Internal)
            {
                // A process that is not running reads the files when it starts.
                continue;
            }
            catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
            {
                return failure.Status.Detail;
            }
        }

        return null;
    }
}
