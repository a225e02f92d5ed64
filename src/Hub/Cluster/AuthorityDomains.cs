// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Cluster;

/// <summary>Which domains an authority is limited to.</summary>
internal static class AuthorityDomains
{
    /// <summary>Those that were asked for, or those of the servers that are known; empty for no limits.</summary>
    /// <param name="asked">Null if nobody asked; empty for no limits.</param>
    /// <param name="hosts">All servers, normalised; one without a name counts as one without a domain.</param>
    public static Outcome<IReadOnlyList<string>> Of(IReadOnlyList<string>? asked, IReadOnlyList<string> hosts)
    {
        if (asked is null)
        {
            return NameConstraints.DomainsOf(hosts).ToList();
        }

        List<string> domains = [];
        foreach (var domain in asked)
        {
            if (!HostNames.TryNormalize(domain, out var name, out var problem))
            {
                return ClusterRefusals.Domain(domain, problem);
            }

            domains.Add(name);
        }

        return hosts.FirstOrDefault(host => !NameConstraints.Permit(domains, host)) is { } outside ? ClusterRefusals.OutsideDomains(outside, domains) : domains;
    }
}
