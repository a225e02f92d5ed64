// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Tutti.Dst.Smtp.Destinations;

namespace Tutti.Dst.SenderDomains;

/// <summary>What receivers see mail come from.</summary>
/// <param name="Addresses">Empty if that is not known here.</param>
/// <param name="HeloName">How this distributor introduces itself.</param>
/// <param name="WhyUnknown">What to say where there are no addresses.</param>
internal sealed record SendingAddresses(IReadOnlyList<IPAddress> Addresses, string HeloName, string WhyUnknown)
{
    /// <summary>As the settings and the network of this host have it.</summary>
    public static SendingAddresses Of(SenderDomainSettings settings, DeliveryMode mode, string heloName)
    {
        var given = settings.PublicAddresses.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse).ToList();
        if (given.Count > 0)
        {
            return new(given, heloName, "");
        }

        return mode == DeliveryMode.Smarthost
            ? new([], heloName, "Mail leaves through the smarthost: which addresses receivers see, its operator knows. Name them in the setting dst.PublicAddresses to have them checked.")
            : new(Own(), heloName, "This host has no public address of its own. Name the addresses that receivers see in the setting dst.PublicAddresses.");
    }

    /// <summary>The terms of an SPF record that let these addresses send.</summary>
    public string AsSpf() => Addresses.Count > 0 ? string.Join(' ', Addresses.Select(AsSpf)) : $"a:{HeloName}";

    /// <summary>The term of an SPF record that lets an address send.</summary>
    public static string AsSpf(IPAddress address) => (address.AddressFamily == AddressFamily.InterNetwork ? "ip4:" : "ip6:") + address;

    /// <summary>Whether an address can be seen from the internet (RFC 6890).</summary>
    public static bool IsPublic(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? bytes is not ([0 or 10 or 127 or >= 224, ..] or [100, >= 64 and <= 127, ..] or [169, 254, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..] or [198, 18 or 19, ..])
            : (bytes[0] & 0xE0) == 0x20 && bytes is not [0x20, 0x01, 0x0D, 0xB8, ..];
    }

    private static List<IPAddress> Own() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(one => one.Address)
            .Where(IsPublic)
            .Distinct(),
    ];
}
