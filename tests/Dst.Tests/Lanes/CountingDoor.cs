// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Tutti.Dst.Tests.Lanes;

/// <summary>A port in front of a receiver that passes everything on and counts connections: what a receiver's operator sees of a sender.</summary>
internal sealed class CountingDoor : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;
    private int _all;
    private int _open;
    private int _most;

    public CountingDoor(int to, IPAddress? address = null, int port = 0)
    {
        _listener = new TcpListener(address ?? IPAddress.Loopback, port);
        _listener.Start();
        _serving = Task.Run(() => Serve(to));
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections so far.</summary>
    public int All => Volatile.Read(ref _all);

    /// <summary>Most connections at the same time.</summary>
    public int Most => Volatile.Read(ref _most);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _serving;
        _end.Dispose();
    }

    private async Task Serve(int to)
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                Volatile.Write(ref _all, _all + 1);
                Volatile.Write(ref _most, Math.Max(_most, Interlocked.Increment(ref _open)));
                sessions.Add(Pass(client, to));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task Pass(Socket client, int to)
    {
        var hasLeft = 0;
        using var near = new NetworkStream(client, ownsSocket: true);
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, to, _end.Token);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            await Task.WhenAny(PassCommands(near, far.GetStream(), Leave, ending.Token), far.GetStream().CopyToAsync(near, ending.Token));
            await ending.CancelAsync();
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or IOException)
        {
            // One of the two has left.
        }
        finally
        {
            Leave();
        }

        void Leave() => Interlocked.Add(ref _open, Interlocked.Exchange(ref hasLeft, 1) - 1);
    }

    /// <summary>Who says goodbye and hears the answer before it comes anew has left. The end of its connection may be seen later than the new one: the network keeps no order between two of them.</summary>
    private static async Task PassCommands(Stream near, Stream far, Action leave, CancellationToken cancellationToken)
    {
        var bytes = new byte[64 * 1024];
        while (await near.ReadAsync(bytes, cancellationToken) is > 0 and var count)
        {
            if (bytes.AsSpan(0, count).StartsWith("QUIT\r\n"u8))
            {
                leave();
            }

            await far.WriteAsync(bytes.AsMemory(0, count), cancellationToken);
        }
    }
}
