// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Tutti.Lui.Preflight.Links;

/// <summary>Which addresses belong to the public internet. What is not clearly public is private: loopback, link-local, local networks, tunnels, multicast, documentation.</summary>
internal static class PublicAddress
{
    // RFC 6890 and the registries of special addresses of IANA.
    private static readonly IPNetwork[] _special =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        ]).Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork _global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork _translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether an address is one of the public internet.</summary>
    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return Is(address.MapToIPv4());
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !Array.Exists(_special, network => network.Contains(address));
        }

        // What a translator makes of an IPv4 address is as public as that (RFC 6052).
        return _translated.Contains(address)
            ? Is(new IPAddress(address.GetAddressBytes().AsSpan(12)))
            : address.ScopeId == 0 && _global.Contains(address) && !Array.Exists(_special, network => network.Contains(address));
    }
}
