// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Tutti.Lui.Triggers;

/// <summary>How often somebody without an account may try trigger addresses. Counted for each client's network, for a minute each.</summary>
internal sealed class TriggerLimit(TimeProvider clock)
{
    /// <summary>Most attempts of one client in a minute.</summary>
    public const int MostAMinute = 30;

    // Whoever comes from so many networks at once is not stopped by counting; the memory stays small.
    private const int MostClients = 10_000;
    private const int NetworkBytes = 8;

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private long _minute;

    /// <summary>Counts an attempt. False if it is one too many.</summary>
    public bool Admits(IPAddress? client)
    {
        var key = KeyOf(client);
        lock (_lock)
        {
            var minute = clock.GetUtcNow().ToUnixTimeSeconds() / 60;
            if (minute != _minute)
            {
                _minute = minute;
                _counts.Clear();
            }

            var count = _counts.GetValueOrDefault(key) + 1;
            if (_counts.Count < MostClients || _counts.ContainsKey(key))
            {
                _counts[key] = count;
            }

            return count <= MostAMinute;
        }
    }

    private static string KeyOf(IPAddress? client) => client switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => client.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(client.GetAddressBytes().AsSpan(0, NetworkBytes)),
        _ => client.ToString(),
    };
}
