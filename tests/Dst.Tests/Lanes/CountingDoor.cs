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
    private readonly List<Socket> _clients = [];
    private int _all;
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
                _clients.RemoveAll(HasLeft);
                _clients.Add(client);
                Volatile.Write(ref _all, _all + 1);
                Volatile.Write(ref _most, Math.Max(_most, _clients.Count));
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
        using var near = new NetworkStream(client, ownsSocket: true);
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, to, _end.Token);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            await Task.WhenAny(near.CopyToAsync(far.GetStream(), ending.Token), far.GetStream().CopyToAsync(near, ending.Token));
            await ending.CancelAsync();
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or IOException)
        {
            // One of the two has left.
        }
    }

    // Who comes anew after having left has left: the end of the old connection is here before the new one.
    private static bool HasLeft(Socket client)
    {
        try
        {
            return client.Poll(0, SelectMode.SelectRead) && client.Available == 0;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }
}
