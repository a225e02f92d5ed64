// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tutti.Dst.SourceAddresses;

namespace Tutti.Dst.Smtp.Destinations;

/// <summary>
/// Connects to a host that has addresses of both kinds: the first one, and after a short pause one of the other kind beside it, so that a network
/// that carries only one kind costs no time (in the manner of RFC 8305).
/// </summary>
internal sealed class AddressRace(TimeSpan timeout, TimeProvider clock)
{
    private const int BindWithoutPort = 24;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Addresses in the order of trial: the kinds by turns, IPv6 first (RFC 6724).</summary>
    public static IReadOnlyList<IPAddress> InOrder(IEnumerable<IPAddress> six, IEnumerable<IPAddress> four)
    {
        var (sixes, fours) = (six.ToList(), four.ToList());
        return [.. Enumerable.Range(0, Math.Max(sixes.Count, fours.Count)).SelectMany(turn => sixes.Skip(turn).Take(1).Concat(fours.Skip(turn).Take(1)))];
    }

    /// <summary>Connects to one of the addresses, from one that may be left from. What was tried is taken off the list.</summary>
    public async Task<Reached> Run(List<IPAddress> addresses, int port, SourceChoice sources, CancellationToken lifetime)
    {
        var first = addresses[0];
        var second = addresses.Find(address => address.AddressFamily != first.AddressFamily);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lifetime);
        addresses.Remove(first);
        var one = Connect(first, port, sources, lifetime, end.Token);
        if (second is null || await Task.WhenAny(one, Task.Delay(_pause, clock, end.Token)) == one)
        {
            var reached = await one;
            await end.CancelAsync();
            return reached;
        }

        addresses.Remove(second);
        var two = Connect(second, port, sources, lifetime, end.Token);
        var quicker = await Task.WhenAny(one, two);
        var slower = quicker == one ? two : one;
        var winner = await quicker;
        if (winner.Socket is null)
        {
            return await slower;
        }

        await end.CancelAsync();
        if (await slower is { Socket: { } late } other)
        {
            late.Dispose();
            addresses.Insert(0, other.Address);
        }

        return winner;
    }

    private async Task<Reached> Connect(IPAddress address, int port, SourceChoice sources, CancellationToken lifetime, CancellationToken end)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = new CancellationTokenSource(timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, end);
        var source = sources.Next(address);
        try
        {
            if (source is not null)
            {
                if (OperatingSystem.IsLinux())
                {
                    // The port is chosen only when it connects: one address may have more connections than ports.
                    socket.SetRawSocketOption(0, BindWithoutPort, BitConverter.GetBytes(1));
                }

                socket.Bind(new IPEndPoint(source.Address, 0));
            }

            await socket.ConnectAsync(new IPEndPoint(address, port), both.Token);
            return new(address, socket, "") { Source = source };
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            return new(address, null, $"No connection: {failure.Message}");
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            return new(address, null, lifetime.IsCancellationRequested ? "The distributor stopped." : "No connection: it took too long.");
        }
    }
}

/// <summary>What became of the way to an address.</summary>
/// <param name="Address">The one that answered, or that failed last.</param>
/// <param name="Socket">Connected; null if it failed.</param>
/// <param name="Words">Why it failed.</param>
internal readonly record struct Reached(IPAddress Address, Socket? Socket, string Words)
{
    /// <summary>From where; null if the operating system chose.</summary>
    public Source? Source { get; init; }
}
