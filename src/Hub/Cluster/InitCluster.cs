// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Audit;
using Tutti.Hub.Components;
using Tutti.Hub.Servers;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Joining;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Cluster;

/// <summary>What came of it.</summary>
/// <param name="IsSecured">Whether HUB's server is secured from its next start on; false if it waits for the switch.</param>
/// <param name="Fingerprint">SHA-256 of the root.</param>
/// <param name="NotAfter">When HUB's certificate ends.</param>
/// <param name="Others">Hosts that are plain and have to be prepared.</param>
internal sealed record NewCluster(bool IsSecured, string Fingerprint, DateTimeOffset NotAfter, IReadOnlyList<string> Others);

/// <summary>Makes the authority and gives HUB's own server its certificate. Killed in between, the same command completes it.</summary>
internal sealed class InitCluster(OwnAuthority authority, SpreadList spread, ServerStore servers, AuditStore audit, ServerConfiguration server, TimeProvider clock)
{
    /// <param name="Domains">The domains it may sign for; null for those of the servers that are known, empty for no limits.</param>
    /// <param name="Who">Who wants it.</param>
    public sealed record Command(IReadOnlyList<string>? Domains, Doer Who);

    public async Task<Outcome<NewCluster>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!HostNames.TryNormalize(server.Common.HostName, out var own, out var problem))
        {
            return ClusterRefusals.HostName(server.Common.HostName, problem);
        }

        if (authority.IsThere && authority.Home.Hub is not null && (authority.Home.IsSecured || authority.Home.IsPrepared))
        {
            return authority.Read().Is(out var there, out var unread) ? ClusterRefusals.Exists(NewRoot.Fingerprint(there.Root)) : unread;
        }

        if (authority.Home.IsSecured)
        {
            return ClusterRefusals.Secured;
        }

        var others = (await servers.All(cancellationToken)).Select(known => known.Host).Where(host => !HostNames.TryNormalize(host, out var name) || name != own).Distinct().ToList();
        var hosts = others.Select(host => HostNames.TryNormalize(host, out var name) ? name : "").Append(own).ToList();
        if (!AuthorityDomains.Of(command.Domains, hosts).Is(out var domains, out var refusal) || !authority.ReadOrMake(domains).Is(out var made, out refusal))
        {
            return refusal;
        }

        var key = NewKey.Create("server", [own], NewKeyType.Ec256, clock.GetUtcNow());
        if (!(await authority.Sign(NewKey.SigningRequest(key), own, cancellationToken)).Is(out var certificate, out refusal)
            || !authority.Home.Take(key, new ClusterGrant(certificate, [made.Root], [own], own, others.Count == 0)).Is(out certificate, out refusal))
        {
            return refusal;
        }

        await spread.ReloadOwn(cancellationToken);
        await audit.Add("cluster.init", command.Who.Account, command.Who.From, NewRoot.Fingerprint(made.Root), cancellationToken);
        return new NewCluster(others.Count == 0, NewRoot.Fingerprint(made.Root), certificate.NotAfter.ToUniversalTime(), others);
    }
}
