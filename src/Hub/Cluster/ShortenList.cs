// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
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
            return [SharedWords.Fill(ClusterWords.StillInLists, leaving.Host, string.Join(", ", shorter), string.Join(',', shorter))];
        }

        if (authority.Home.SetAllowed(shorter) is { } refusal)
        {
            return [SharedWords.Fill(ClusterWords.StillInOwnList, leaving.Host, refusal.Message)];
        }

        await spread.ReloadOwn(cancellationToken);
        List<string> notes = [];
        foreach (var member in await spread.Members(cancellationToken))
        {
            if (await spread.Tell(member, shorter, cancellationToken) is { } problem)
            {
                notes.Add(SharedWords.Fill(ClusterWords.StillLetIn, member.Address, leaving.Host, problem));
            }
        }

        return notes;
    }
}
