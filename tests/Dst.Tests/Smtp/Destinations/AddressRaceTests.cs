// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.SourceAddresses;

namespace Tutti.Dst.Tests.Smtp.Destinations;

public sealed class AddressRaceTests
{
    private readonly AddressRace _race = new(TimeSpan.FromSeconds(60), TimeProvider.System);
    private readonly SourceChoice _anySource = new([]);

    [Fact]
    public async Task An_IPv6_address_that_swallows_everything_costs_a_moment_and_not_the_time_out()
    {
        using var swallowing = new Full(IPAddress.IPv6Loopback);
        using var listening = new TcpListener(IPAddress.Loopback, swallowing.Port);
        listening.Start();
        List<IPAddress> addresses = [IPAddress.IPv6Loopback, IPAddress.Loopback];

        var reached = await _race.Run(addresses, swallowing.Port, _anySource, TestContext.Current.CancellationToken);

        Assert.Equal(IPAddress.Loopback, reached.Address);
        Assert.NotNull(reached.Socket);
        Assert.DoesNotContain(IPAddress.Loopback, addresses);
        reached.Socket.Dispose();
    }

    [Fact]
    public async Task An_IPv6_address_that_refuses_is_followed_by_the_next_one()
    {
        await using var peer = ScriptedPeer.Playing(Sending.Hello);
        var host = new MailHost("mx.example", peer.Endpoint.Port, [IPAddress.IPv6Loopback, IPAddress.Loopback]);

        var (connection, _) = await new SmtpDialer(new SmtpSettings(), "dst.example", TimeProvider.System).Dial([host], TestContext.Current.CancellationToken);

        Assert.Equal("mx.example [127.0.0.1]", connection!.Host);
        await connection.DisposeAsync();
    }

    [Fact]
    public async Task Where_both_kinds_listen_IPv6_is_taken()
    {
        using var six = new TcpListener(IPAddress.IPv6Loopback, 0);
        six.Start();
        var port = ((IPEndPoint)six.LocalEndpoint).Port;
        using var four = new TcpListener(IPAddress.Loopback, port);
        four.Start();

        var reached = await _race.Run([IPAddress.IPv6Loopback, IPAddress.Loopback], port, _anySource, TestContext.Current.CancellationToken);

        Assert.Equal(IPAddress.IPv6Loopback, reached.Address);
        reached.Socket!.Dispose();
    }

    /// <summary>A port whose queue is full: the kernel drops what asks for a connection.</summary>
    private sealed class Full : IDisposable
    {
        private readonly Socket _listening;
        private readonly List<Socket> _waiting = [];

        public Full(IPAddress address)
        {
            _listening = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            _listening.Bind(new IPEndPoint(address, 0));
            _listening.Listen(0);
            Port = ((IPEndPoint)_listening.LocalEndPoint!).Port;
            for (var number = 0; number < 4; number++)
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                _waiting.Add(socket);
                try
                {
                    socket.Connect(new IPEndPoint(address, Port));
                }
                catch (SocketException)
                {
                    // It is under way, and stays so.
                }
            }
        }

        public int Port { get; }

        public void Dispose()
        {
            _waiting.ForEach(socket => socket.Dispose());
            _listening.Dispose();
        }
    }
}
