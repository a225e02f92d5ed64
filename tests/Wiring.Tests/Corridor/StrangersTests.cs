// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tutti.Wiring.Corridor;
using Tutti.Wiring.Corridor.Listening;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Tests.Corridor;

public sealed class StrangersTests
{
    [Fact]
    [Trait("Row", "B-33")]
    public async Task Who_says_nothing_is_hung_up_on_after_ten_seconds()
    {
        using var world = new World();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await world.Secure().Start(clock);
        using var silent = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var slow = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await silent.ConnectAsync(IPAddress.Loopback, server.InternalPort, TestContext.Current.CancellationToken);
        await slow.ConnectAsync(IPAddress.Loopback, server.TrackerPort, TestContext.Current.CancellationToken);
        await slow.SendAsync(new byte[] { 0x16, 3, 1 }, TestContext.Current.CancellationToken);

        await World.Until(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(11));
                return world.LogLines().Count(line => line.Contains("Connection refused [tls.timeout]", StringComparison.Ordinal)) == 2;
            },
            "Not hung up on.");
        using var good = World.Caller(world.Good(), server.InternalPort);
        await World.AssertServed(good);
    }

    [Fact]
    [Trait("Row", "B-33")]
    public async Task Connections_that_go_nowhere_do_not_crowd_out_a_peer_for_long()
    {
        using var world = new World();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await world.Secure().Start(clock);
        List<Socket> silent = [];
        for (var i = 0; i < 40; i++)
        {
            silent.Add(new Socket(SocketType.Stream, ProtocolType.Tcp));
            try
            {
                await silent[^1].ConnectAsync(IPAddress.Loopback, server.InternalPort, TestContext.Current.CancellationToken);
            }
            catch (SocketException)
            {
                // Hung up on before it noticed that it was connected.
            }
        }

        await world.Logged("too many unfinished handshakes at once");
        clock.Advance(TimeSpan.FromSeconds(11));
        using var good = World.Caller(world.Good(), server.InternalPort);
        await World.Until(
            async () =>
            {
                try
                {
                    await World.AssertServed(good);
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "The port stays crowded.");
        Assert.True(world.LogLines().Count(line => line.Contains("refused [", StringComparison.Ordinal)) < 10);
        silent.ForEach(socket => socket.Dispose());
    }

    [Fact]
    [Trait("Row", "B-33")]
    public void Unfinished_handshakes_are_counted_by_address_and_in_all()
    {
        var handshakes = new UnfinishedHandshakes();
        var one = new IPEndPoint(IPAddress.Parse("10.0.0.1"), 1);
        Assert.All(Enumerable.Range(0, UnfinishedHandshakes.MostFromOne), _ => Assert.True(handshakes.TryEnter(one)));
        Assert.False(handshakes.TryEnter(one));
        Assert.All(Enumerable.Range(0, UnfinishedHandshakes.MostInAll - UnfinishedHandshakes.MostFromOne), i => Assert.True(handshakes.TryEnter(new IPEndPoint(IPAddress.Parse($"10.1.{i / 20}.1"), i))));
        Assert.False(handshakes.TryEnter(new IPEndPoint(IPAddress.Parse("10.2.0.1"), 1)));

        var turn = new UnfinishedHandshakes.Turn(handshakes, one);
        turn.Dispose();
        turn.Dispose();
        Assert.True(handshakes.TryEnter(one));
        Assert.False(handshakes.TryEnter(new IPEndPoint(IPAddress.Parse("10.2.0.1"), 1)));
    }

    [Fact]
    [Trait("Row", "B-33")]
    public void The_same_refusal_is_logged_once_a_minute_and_counted_always()
    {
        var clock = new FakeTimeProvider();
        var log = new RefusalLog(NullLogger.Instance, clock);
        var peer = new IPEndPoint(IPAddress.Parse("10.77.9.10"), 41822);
        for (var i = 0; i < 100; i++)
        {
            log.Connection(PeerRefusals.NotAllowed, 7000, peer, ["lab.tutti.test"]);
        }

        Assert.Single(log.Last);
        Assert.Equal(100, log.Counts["tls.name-not-allowed"]);
        log.Connection(PeerRefusals.NotAllowed, 7000, new IPEndPoint(IPAddress.Parse("10.77.9.11"), 1), ["lab.tutti.test"]);
        clock.Advance(TimeSpan.FromMinutes(1));
        log.Connection(PeerRefusals.NotAllowed, 7000, peer, ["lab.tutti.test"]);
        Assert.Equal(3, log.Last.Count);
    }

    [Fact]
    [Trait("Row", "B-33")]
    public void What_comes_from_a_certificate_cannot_forge_a_line_of_the_log()
    {
        var log = new RefusalLog(NullLogger.Instance, new FakeTimeProvider());
        log.Connection(new Refusal(RefusalKind.Forbidden, "tls.no-name", "it has only x\n2026-01-01 ERR forged"), 1, null, ["a\r\nb"]);

        Assert.DoesNotContain(Assert.Single(log.Last) is var logged ? logged.Names + logged.Reason : "", char.IsControl);
    }

    [Fact]
    public void A_hello_that_is_cut_anywhere_is_read_or_refused_without_a_fault()
    {
        byte[] hello =
        [
            0x16, 3, 1, 0, 0x3c, 1, 0, 0, 0x38, 3, 3, .. new byte[32], 0, 0, 4, 0x13, 1, 0xc0, 0x2b, 1, 0,
            0, 11, 0, 43, 0, 7, 6, 0x0a, 0x0a, 3, 4, 3, 3,
        ];
        hello[4] = (byte)(hello.Length - 5);
        hello[8] = (byte)(hello.Length - 9);

        var read = ClientHello.Read(hello)!;
        Assert.Equal(0x0304, read.HighestVersion);
        Assert.Equal([0x1301, 0xc02b], read.Suites);
        for (var length = 0; length < hello.Length; length++)
        {
            Assert.Null(ClientHello.Read(hello.AsSpan(0, length)));
            var shorter = hello.AsSpan(0, length).ToArray();
            if (length > 5)
            {
                shorter[4] = (byte)(length - 5);
                ClientHello.Read(shorter);
            }
        }
    }
}
