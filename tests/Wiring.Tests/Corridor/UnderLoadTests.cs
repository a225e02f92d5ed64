// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Tutti.Contracts.Server.V1;
using Tutti.Testing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Transport;

namespace Tutti.Wiring.Tests.Corridor;

/// <summary>Changes while calls are running, and bytes that are changed on the way.</summary>
public sealed class UnderLoadTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    [Trait("Row", "B-1")]
    [Trait("Row", "B-12")]
    [Trait("Row", "C-1.0.5")]
    public async Task Renewals_longer_lists_and_more_roots_under_load_fail_no_call()
    {
        await using var server = await _world.Secure().Start();
        using var peers = new Peers(ServerConfiguration.Read(server.Home, new Hashtable()), server.Process.Corridor.Calls, TimeProvider.System);
        using var end = new CancellationTokenSource();
        var calls = 0;
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                while (!end.IsCancellationRequested)
                {
                    // A caller repeats what a connection that came to its end could not take any more: that is never lost.
                    try
                    {
                        await Ask(peers, server.InternalPort);
                    }
                    catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable || e.Status.DebugException is HttpRequestException { InnerException: HttpProtocolException { ErrorCode: 0 } })
                    {
                        await Ask(peers, server.InternalPort);
                    }

                    Interlocked.Increment(ref calls);
                }
            },
            TestContext.Current.CancellationToken)).ToList();

        for (var round = 1; round <= 5; round++)
        {
            var renewed = _world.Good(World.Own);
            _world.WriteKeystore(renewed.ToKeystore(World.Password));
            _world.WriteIni($"{World.Own},{World.Other},more{round}.tutti.test");
            _world.WriteRoots(_world.Authority.Root, new TestAuthority($"CA {round}").Root);
            Assert.Empty(server.Process.Corridor.Reload(now: true));
            Assert.Equal(renewed.Certificate.SerialNumber, server.Process.Corridor.Identity.Own.Entry.Certificate.SerialNumber);
            var before = Volatile.Read(ref calls);
            await World.Until(() => Volatile.Read(ref calls) > before + 50 || load.Exists(each => each.IsCompleted), "The load has stopped.");
        }

        await end.CancelAsync();
        await Task.WhenAll(load);
        Assert.DoesNotContain(_world.LogLines(), line => line.Contains("refused [", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Row", "C-2.2.0.5")]
    [Trait("Row", "B-32")]
    public async Task A_byte_that_is_changed_on_the_way_ends_the_connection_and_a_forwarder_alone_does_not()
    {
        await using var server = await _world.Secure().Start();
        await using var forwarder = new Forwarder(server.InternalPort);
        using var caller = World.Caller(_world.Good(), forwarder.Port);
        await using var stream = await OpenStream.Of(caller);
        await stream.Echo();

        forwarder.FlipNext();
        await Assert.ThrowsAnyAsync<Exception>(() => stream.Echo());
        await World.AssertServed(caller);
    }

    private static async Task Ask(Peers peers, int port) =>
        await new Contracts.Server.V1.Server.ServerClient(peers.Dial(World.Own, port)).GetStatusAsync(new StatusRequest(), cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Carries bytes to a port and back, and changes one of them on demand.</summary>
    private sealed class Forwarder : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _end = new();
        private readonly Task _running;
        private int _flip;

        public Forwarder(int port)
        {
            _listener.Start();
            _running = Run(port);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void FlipNext() => Volatile.Write(ref _flip, 1);

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            _listener.Stop();
            await _running;
            _end.Dispose();
        }

        private async Task Run(int port)
        {
            List<Task> both = [];
            try
            {
                while (true)
                {
                    var from = new NetworkStream(await _listener.AcceptSocketAsync(_end.Token), ownsSocket: true);
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    await socket.ConnectAsync(IPAddress.Loopback, port, _end.Token);
                    var to = new NetworkStream(socket, ownsSocket: true);
                    both.Add(Carry(from, to, mayFlip: true));
                    both.Add(Carry(to, from, mayFlip: false));
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                await Task.WhenAll(both);
            }
        }

        private async Task Carry(NetworkStream from, NetworkStream to, bool mayFlip)
        {
            var buffer = new byte[8192];
            try
            {
                while (await from.ReadAsync(buffer, _end.Token) is > 0 and var read)
                {
                    if (mayFlip && Interlocked.Exchange(ref _flip, 0) == 1)
                    {
                        buffer[read - 1] ^= 1;
                    }

                    await to.WriteAsync(buffer.AsMemory(0, read), _end.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // One side hung up.
            }
            finally
            {
                await to.DisposeAsync();
            }
        }
    }
}
