// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Audit;
using Tutti.Hub.Servers;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Cluster;

/// <summary>Before the hub moves to a server of another name: every server gets that name into its list, while there is still a hub that it obeys.</summary>
internal sealed class AnnounceHub(OwnAuthority authority, SpreadList spread, AuditStore audit)
{
    public sealed record Command(string Host, Doer Who);

    /// <returns>The name as it stands in the lists.</returns>
    public async Task<Outcome<string>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!authority.Read().Is(out var signer, out var refusal))
        {
            return refusal;
        }

        if (!HostNames.TryNormalize(command.Host, out var host, out var problem))
        {
            return ClusterRefusals.NextName(command.Host, problem);
        }

        if (NameConstraints.In(signer.Next ?? signer.Root) is var domains && !NameConstraints.Permit(domains, host))
        {
            return ClusterRefusals.OtherDomain(host, domains);
        }

        var allowed = authority.Home.Allowed;
        if (!allowed.Contains(host, StringComparer.Ordinal))
        {
            if (await spread.Handle([.. allowed, host], null, cancellationToken) is { } notSpread)
            {
                return notSpread;
            }

            await audit.Add("cluster.announced", command.Who.Account, command.Who.From, host, cancellationToken);
        }

        return host;
    }
}
