// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Servers;

/// <summary>Where a server is, as people write it: HOST or HOST:PORT.</summary>
/// <param name="Host">Host name or IP address.</param>
/// <param name="Port">Its internal port; null if none was written.</param>
internal sealed record ServerAddress(string Host, int? Port)
{
    /// <summary>The internal port of a server that has no other.</summary>
    public const int DefaultPort = 1099;

    /// <summary>Reads what was written.</summary>
    public static Outcome<ServerAddress> Read(string text)
    {
        var trimmed = text.Trim();
        var colon = trimmed.LastIndexOf(':');
        var host = trimmed;
        int? port = null;
        if (colon >= 0 && trimmed.IndexOf(':', StringComparison.Ordinal) == colon)
        {
            host = trimmed[..colon];
            if (!int.TryParse(trimmed.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is 0 or > ushort.MaxValue)
            {
                return ServerRefusals.Address(trimmed);
            }

            port = number;
        }

        return Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 ? new ServerAddress(host, port) : ServerRefusals.Address(trimmed);
    }
}
