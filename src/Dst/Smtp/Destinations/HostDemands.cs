// SPDX-License-Identifier: Apache-2.0
using DnsClient;
using DnsClient.Protocol;
using Tutti.Dst.Smtp.Encryption;

namespace Tutti.Dst.Smtp.Destinations;

/// <summary>What the TLSA records of a mail server demand (RFC 7672 §2.2), where the resolver can be trusted to validate.</summary>
internal sealed class HostDemands(RouteSettings settings, DnsLookup dns)
{
    /// <summary>The demand of a host whose address records are all validated; how long it may be remembered.</summary>
    /// <param name="domain">The recipients' domain.</param>
    /// <param name="names">Names of the host: behind its aliases, and as its MX record has it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<(TlsDemand Demand, TimeSpan Life)> Find(string domain, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var life = TimeSpan.MaxValue;
        foreach (var name in names.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var found = await dns.Ask($"_{settings.RemotePort}._tcp.{name}", QueryType.TLSA, cancellationToken);
            life = found.Life < life ? found.Life : life;
            if (found.Outcome == DnsOutcome.Failed)
            {
                // RFC 7672 §2.1.2: it may have been kept from us on purpose.
                return (new TlsDemand(TlsLevel.Dane, TlsPolicyKind.Tlsa, domain) { Misfit = TlsFailure.DnssecInvalid }, life);
            }

            if (found is { Outcome: DnsOutcome.Found, IsSecure: true })
            {
                return (DemandOf(domain, found.Records.OfType<TlsaRecord>()), life);
            }
        }

        return (TlsDemand.None, life);
    }

    private static TlsDemand DemandOf(string domain, IEnumerable<TlsaRecord> records)
    {
        var usable = records
            .Select(record => new TlsaAssociation((int)record.CertificateUsage, (int)record.Selector, (int)record.MatchingType, [.. record.CertificateAssociationData]))
            .Where(association => association.IsUsable)
            .ToList();
        return new(usable.Count > 0 ? TlsLevel.Dane : TlsLevel.Encrypted, TlsPolicyKind.Tlsa, domain) { Associations = usable };
    }
}
