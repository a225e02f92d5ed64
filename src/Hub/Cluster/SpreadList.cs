// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Server.V1;
using Tutti.Hub.Components;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Transport;
using Wire = Tutti.Contracts.Server.V1.Cluster;

namespace Tutti.Hub.Cluster;

/// <summary>Brings the list of names to every server of the installation; what HUB's own file says is what all shall have.</summary>
internal sealed class SpreadList(OwnAuthority authority, ServerStore servers, Peers peers, HomeFolder home, TimeProvider clock)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>The servers that were let in, other than HUB's own.</summary>
    public async Task<IReadOnlyList<KnownServer>> Members(CancellationToken cancellationToken)
    {
        var allowed = authority.Home.Allowed;
        return [.. (await servers.All(cancellationToken)).Where(server => HostNames.TryNormalize(server.Host, out var name) && name != authority.OwnName && allowed.Contains(name))];
    }

    /// <summary>Gives all the list; stops at the first that does not take it.</summary>
    /// <param name="allowed">The names.</param>
    /// <param name="except">A server that need not have it yet.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<Refusal?> Handle(IReadOnlyList<string> allowed, string? except, CancellationToken cancellationToken)
    {
        // Before our own list grows: who is asked is who belonged to it until now.
        foreach (var member in (await Members(cancellationToken)).Where(member => !HostNames.TryNormalize(member.Host, out var name) || name != except))
        {
            if (await Tell(member, allowed, cancellationToken) is { } problem)
            {
                return ClusterRefusals.ListNotChanged(member.Address, problem);
            }
        }

        if (authority.Home.SetAllowed(allowed) is { } refusal)
        {
            return refusal;
        }

        await ReloadOwn(cancellationToken);
        return null;
    }

    /// <summary>Gives one server the list.</summary>
    /// <returns>Why it could not be done, or null.</returns>
    public Task<string?> Tell(KnownServer server, IReadOnlyList<string> allowed, CancellationToken cancellationToken) => Try(
        server, async (client, deadline) => await client.SetAllowedAsync(new SetAllowedRequest { Allowed = { allowed } }, deadline: deadline, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Calls one server as the one that let it in.</summary>
    /// <returns>Why it could not be done, or null.</returns>
    public async Task<string?> Try(KnownServer server, Func<Wire.ClusterClient, DateTime, Task> call, CancellationToken cancellationToken)
    {
        try
        {
            await call(new Wire.ClusterClient(peers.DialSecured(server.Host, server.Port)), clock.GetUtcNow().UtcDateTime + _patience);
            return null;
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            return failure.StatusCode == StatusCode.Unavailable ? ClusterWords.DoesNotAnswer : failure.Status.Detail;
        }
    }

    /// <summary>Has the processes of HUB's own server read their files now.</summary>
    public async Task ReloadOwn(CancellationToken cancellationToken)
    {
        foreach (var path in ControlSocket.In(home))
        {
            using var channel = ControlSocket.Dial(path);
            try
            {
                await new Control.ControlClient(channel).ReloadCorridorAsync(new ReloadRequest(), cancellationToken: cancellationToken);
            }
            catch (RpcException failure) when (failure.StatusCode is StatusCode.Unavailable or StatusCode.Internal)
            {
                // A process that is not running reads the files when it starts.
                continue;
            }
        }
    }
}
