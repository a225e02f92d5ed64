// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.SourceAddresses;

namespace Tutti.Dst.SenderDomains;

/// <summary>An address that receivers see mail come from.</summary>
/// <param name="Address">The address.</param>
/// <param name="HeloName">How the distributor introduces itself from there.</param>
internal sealed record SendingAddress(IPAddress Address, string HeloName)
{
    /// <summary>The term of an SPF record that lets it send.</summary>
    public string AsSpf => (Address.AddressFamily == AddressFamily.InterNetwork ? "ip4:" : "ip6:") + Address;
}

/// <summary>What receivers see mail come from.</summary>
/// <param name="All">Empty if that is not known here.</param>
/// <param name="HeloName">How this distributor introduces itself.</param>
/// <param name="ReturnDomain">Domain of the envelope sender; empty where it is the sender's own.</param>
/// <param name="WhyUnknown">What to say where there are no addresses.</param>
internal sealed record SendingAddresses(IReadOnlyList<SendingAddress> All, string HeloName, string ReturnDomain, string WhyUnknown)
{
    /// <summary>As the settings and the network of this host have it.</summary>
    /// <param name="settings">Addresses that the administrator named go first.</param>
    /// <param name="smtp">How this distributor introduces itself.</param>
    /// <param name="leaving">Addresses that mail leaves from; empty where the operating system chooses.</param>
    /// <param name="mode">Through a smarthost nothing is known.</param>
    /// <param name="returnDomain">Domain of the envelope sender, or empty.</param>
    /// <param name="hostName">Name of this server.</param>
    public static SendingAddresses Of(SenderDomainSettings settings, SmtpSettings smtp, IReadOnlyList<Source> leaving, DeliveryMode mode, string returnDomain, string hostName)
    {
        var helo = smtp.HeloName.Length > 0 ? smtp.HeloName : hostName;
        var sources = leaving.Select(source => new SendingAddress(source.Address, source.HeloName)).ToList();
        var given = settings.PublicAddresses.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse).ToList();
        if (given.Count > 0)
        {
            return new([.. given.Select(address => sources.Find(source => source.Address.Equals(address)) ?? new(address, helo))], helo, returnDomain, "");
        }

        if (mode == DeliveryMode.Smarthost)
        {
            return new([], helo, returnDomain, "Mail leaves through the smarthost: which addresses receivers see, its operator knows. Name them in the setting dst.PublicAddresses to have them checked.");
        }

        var own = sources.Count > 0 ? sources.Where(source => IsPublic(source.Address)) : Own().Select(address => new SendingAddress(address, helo));
        return new([.. own], helo, returnDomain, "Mail does not leave from a public address of this host. Name the addresses that receivers see in the setting dst.PublicAddresses.");
    }

    /// <summary>The terms of an SPF record that let these addresses send.</summary>
    public string AsSpf() => All.Count > 0 ? string.Join(' ', All.Select(one => one.AsSpf)) : $"a:{HeloName}";

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
