// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Tutti.Wiring.Certificates;

/// <summary>Where this server's own name leads, seen from this host. Only people are told of it: no decision rests on a look-up.</summary>
/// <param name="Addresses">What the name leads to; none if it leads nowhere.</param>
/// <param name="Remark">What is strange about that, or null.</param>
public sealed record OwnAddresses(IReadOnlyList<IPAddress> Addresses, string? Remark)
{
    /// <summary>Looks a name up.</summary>
    public static async Task<OwnAddresses> Of(string name, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(name, cancellationToken);
            var own = NetworkInterface.GetAllNetworkInterfaces().SelectMany(each => each.GetIPProperties().UnicastAddresses).Select(each => each.Address).ToHashSet();
            return new OwnAddresses(addresses, addresses.Any(address => own.Contains(address) || IPAddress.IsLoopback(address))
                ? null
                : $"{name} leads to {string.Join(", ", addresses.Select(address => address.ToString()))}, which is no address of this host. Correct the hosts file or the DNS if other servers see the same.");
        }
        catch (SocketException)
        {
            return new OwnAddresses([], $"{name} leads nowhere on this host. Other servers need a line in their hosts file or in the DNS.");
        }
    }
}
