// SPDX-License-Identifier: Apache-2.0
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Tutti.Wiring.Certificates.Issuing;

/// <summary>The domains an authority may sign for (RFC 5280 §4.2.1.10): what it signed for another name, or for an address, is good nowhere.</summary>
public static class NameConstraints
{
    private const string Oid = "2.5.29.30";
    private const int AddressAndMask4 = 8;
    private const int AddressAndMask6 = 32;
    private static readonly Asn1Tag _permitted = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag _excluded = new(TagClass.ContextSpecific, 1, isConstructed: true);
    private static readonly Asn1Tag _dnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag _address = new(TagClass.ContextSpecific, 7);

    /// <summary>The domains of some hosts: of each what stands above its first label. Empty, which means no limits, where one of them has no domain.</summary>
    /// <param name="hosts">Normalised names.</param>
    public static IReadOnlyList<string> DomainsOf(IEnumerable<string> hosts)
    {
        List<string> domains = [];
        foreach (var host in hosts)
        {
            var labels = host.Split('.');
            if (labels.Length == 1)
            {
                return [];
            }

            domains.Add(labels.Length == 2 ? host : string.Join('.', labels[1..]));
        }

        return [.. domains.Distinct().Where(domain => !domains.Exists(other => other != domain && IsWithin(domain, other))).Order(StringComparer.Ordinal)];
    }

    /// <summary>True if an authority with these domains may sign for a host.</summary>
    public static bool Permit(IReadOnlyList<string> domains, string host)
    {
        ArgumentNullException.ThrowIfNull(domains);
        return domains.Count == 0 || domains.Any(domain => IsWithin(host, domain));
    }

    /// <summary>The domains a root is limited to; empty for no limits.</summary>
    public static IReadOnlyList<string> In(X509Certificate2 root)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (root.Extensions[Oid] is not { } extension)
        {
            return [];
        }

        List<string> domains = [];
        var constraints = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
        var permitted = constraints.HasData && constraints.PeekTag().HasSameClassAndValue(_permitted) ? constraints.ReadSequence(_permitted) : null;
        while (permitted is { HasData: true })
        {
            var name = permitted.ReadSequence();
            if (name.PeekTag().HasSameClassAndValue(_dnsName))
            {
                domains.Add(name.ReadCharacterString(UniversalTagNumber.IA5String, _dnsName));
            }
        }

        return domains;
    }

    /// <summary>The extension; critical, so that nobody who does not understand it trusts the root.</summary>
    internal static X509Extension Of(IReadOnlyList<string> domains)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(_permitted))
            {
                foreach (var domain in domains)
                {
                    using (writer.PushSequence())
                    {
                        writer.WriteCharacterString(UniversalTagNumber.IA5String, domain, _dnsName);
                    }
                }
            }

            // Every address: zero with a mask of zero.
            using (writer.PushSequence(_excluded))
            {
                foreach (var length in (int[])[AddressAndMask4, AddressAndMask6])
                {
                    using (writer.PushSequence())
                    {
                        writer.WriteOctetString(new byte[length], _address);
                    }
                }
            }
        }

        return new X509Extension(Oid, writer.Encode(), critical: true);
    }

    private static bool IsWithin(string host, string domain) => host == domain || host.EndsWith('.' + domain, StringComparison.Ordinal);
}
