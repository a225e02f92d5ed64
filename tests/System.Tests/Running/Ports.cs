// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Tutti.System.Tests.Running;

/// <summary>Blocks of ports that nobody uses now, for servers that want several with fixed distances.</summary>
public static class Ports
{
    private static readonly Lock _lock = new();
    private static int _next = 20_000 + (Environment.ProcessId % 300 * 30);

    private static int _serial;

    /// <summary>A number that no other call of this process gets.</summary>
    public static int Serial() => Interlocked.Increment(ref _serial);

    /// <summary>The first of <paramref name="count"/> free ports in a row; no other call gets one of them.</summary>
    public static int Block(int count)
    {
        lock (_lock)
        {
            while (true)
            {
                var first = _next;
                // Below the ports that the system hands out for outgoing connections.
                _next = _next + count > 32_000 ? 20_000 : _next + count;
                if (Enumerable.Range(first, count).All(IsFree))
                {
                    return first;
                }
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
