// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Components;
using Tutti.Wiring.Certificates;

namespace Tutti.Hub.Cluster;

/// <summary>Takes the name of a server that leaves out of the list of every other; its open connections end with it.</summary>
internal sealed class ShortenList(OwnAuthority authority, SpreadList spread, ServerStore servers)
{
    /// <summary>Does it, unless another process of that host stays. Who does not answer gets the shorter list when it is back.</summary>
    /// <returns>What people should know of it.</returns>
    public async Task<IReadOnlyList<string>> Handle(KnownServer leaving, CancellationToken cancellationToken)
    {
        var allowed = authority.Home.Allowed;
        if (!HostNames.TryNormalize(leaving.Host, out var name) || name == authority.OwnName || !allowed.Contains(name)
            || (await servers.All(cancellationToken)).Any(other => other.Address != leaving.Address && HostNames.TryNormalize(other.Host, out var host) && host == name))
        {
            return [];
        }

        string[] shorter = [.. allowed.Where(each => each != name)];
        if (!authority.IsThere)
        {
            // Lists that people wrote are theirs.
            return [$"{leaving.Host} is still let in: take it out of commands/ssl.ini of {string.Join(", ", shorter)}. The line there: SSLAllowedClients={string.Join(',', shorter)}"];
        }

        if (authority.Home.SetAllowed(shorter) is { } refusal)
        {
            return [$"The list of this server still has {leaving.Host}: {refusal.Message}"];
        }

        await spread.ReloadOwn(cancellationToken);
        List<string> notes = [];
        foreach (var member in await spread.Members(cancellationToken))
        {
            if (await spread.Tell(member, shorter, cancellationToken) is { } problem)
            {
                notes.Add($"{member.Address} still lets {leaving.Host} in, until it takes the shorter list from the hub: {problem}");
            }
        }

        return notes;
    }
}
