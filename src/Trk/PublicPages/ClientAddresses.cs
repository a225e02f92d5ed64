// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Tutti.Trk.PublicPages;

/// <summary>Who asks: the other end of the connection, or whom a trusted proxy names.</summary>
internal sealed class ClientAddresses
{
    private readonly IPNetwork[] _proxies;

    public ClientAddresses(TrackerSettings settings) => _proxies = [.. settings.TrustedProxies.Select(Read)];

    /// <summary>The client's address, IPv4 as IPv4.</summary>
    public IPAddress? Of(HttpContext context)
    {
        var address = Plain(context.Connection.RemoteIpAddress);
        if (_proxies.Length == 0 || address is null || !IsProxy(address))
        {
            return address;
        }

        // From the right: what stands further left was written by somebody whom we do not know.
        var named = context.Request.Headers.GetCommaSeparatedValues("X-Forwarded-For");
        for (var i = named.Length - 1; i >= 0; i--)
        {
            if (!IPAddress.TryParse(named[i].AsSpan().Trim(), out var next))
            {
                return address;
            }

            address = Plain(next)!;
            if (!IsProxy(address))
            {
                return address;
            }
        }

        return address;
    }

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;

    private static IPNetwork Read(string text) =>
        IPNetwork.TryParse(text, out var network) ? network : new IPNetwork(IPAddress.Parse(text), text.Contains(':', StringComparison.Ordinal) ? 128 : 32);

    private bool IsProxy(IPAddress address)
    {
        foreach (var proxy in _proxies)
        {
            if (proxy.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Each entry is an IP address or a network such as 10.0.0.0/8.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AddressesAttribute() : ValidationAttribute("each entry is an IP address, or a network such as 10.0.0.0/8.")
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is string[] entries && Array.TrueForAll(entries, entry => IPNetwork.TryParse(entry, out _) || IPAddress.TryParse(entry, out _));
}
