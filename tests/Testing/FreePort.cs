// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Tutti.Testing;

/// <summary>Ports that nobody listens on at this moment, handed out once each in this process.</summary>
public static class FreePort
{
    private static readonly HashSet<int> _given = [];
    private static readonly Lock _gate = new();

    public static int Next()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            lock (_gate)
            {
                if (_given.Add(port))
                {
                    return port;
                }
            }
        }
    }
}
