// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Tutti.Commands.Setup;

/// <summary>What this machine calls itself.</summary>
internal static class MachineName
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Its fully qualified name if it knows one, else the short one.</summary>
    public static async Task<string> Full(CancellationToken cancellationToken)
    {
        var name = Dns.GetHostName();
        if (IsFull(name))
        {
            return name;
        }

        try
        {
            var known = (await Dns.GetHostEntryAsync(name, cancellationToken).WaitAsync(_patience, TimeProvider.System, cancellationToken)).HostName;
            return IsFull(known) ? known : name;
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException)
        {
            return name;
        }
    }

    /// <summary>True if other hosts may find it by that name.</summary>
    public static bool IsFull(string name) =>
        name.Contains('.', StringComparison.Ordinal) && name != "localhost" && !name.StartsWith("localhost.", StringComparison.OrdinalIgnoreCase) && !IPAddress.TryParse(name, out _);
}
