// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Tutti.Testing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Wiring.Tests.Corridor;

/// <summary>Both ports of a server or none: from the first connection on, and whatever stands in its file.</summary>
public sealed class BothPortsTests : IDisposable
{
    private const int Wanted = 20;

    // What a plain caller of gRPC says first, with an empty frame of settings.
    private static readonly byte[] _hello = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];
    private readonly World _world = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    [Trait("Row", "C-2.1.4")]
    public async Task Who_hammers_both_ports_from_before_the_start_never_gets_a_plain_answer()
    {
        _world.Secure();
        int[] ports = [FreePort.Next(), FreePort.Next()];
        _world.Write("conf/server.ini", $"Components=trk\nHostName={World.Own}\nBind=127.0.0.1\nInternalPort={ports[0]}\nTrackerPort={ports[1]}\nTrackerWebPort={FreePort.Next()}\n");
        _world.Write("trk/tracker.ini", "");
        var answers = ports.ToDictionary(port => port, _ => new ConcurrentQueue<byte[]>());
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var hammers = ports.Select(port => Task.Run(() => Hammer(port, answers[port], end.Token), Stop)).ToList();

        await using (var process = await ServerProcess.Start(_world.Home, [ComponentType.Of<CountingPart>()], [], new Hashtable(), TimeProvider.System, Stop))
        {
            await World.Until(() => answers.Values.All(each => each.Count >= Wanted), "The ports are not reached.");
            await end.CancelAsync();
            await Task.WhenAll(hammers);
            foreach (var port in ports)
            {
                // Nothing at all, or an alert of TLS.
                Assert.DoesNotContain(answers[port], answer => answer.Length > 0 && answer[0] != 0x15);
                using var caller = World.Caller(_world.Good(), port);
                await World.AssertServed(caller);
            }

            await process.Stop(Stop);
        }
    }

    [Theory]
    [Trait("Row", "C-2.1.2")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task No_file_makes_one_port_secured_and_the_other_plain(int seed)
    {
        _world.Secure();
        var made = Enumerable.Range(0, 4).Select(number => Change(File.ReadAllText(_world.Home.SslIni), new Random((seed * 100) + number))).ToList();
        foreach (var text in made)
        {
            _world.Write("commands/ssl.ini", text);
            try
            {
                await using var server = await _world.Start();
                Assert.Equal((text, await StateOf(server.InternalPort)), (text, await StateOf(server.TrackerPort)));
            }
            catch (ConfigurationException)
            {
                // Neither was opened.
                continue;
            }
        }
    }

    /// <summary>A file with one to three changes, some of which leave it good.</summary>
    private static string Change(string text, Random random)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var at = random.Next(lines.Count + 1);
            var some = lines.Count == 0 ? "" : lines[at % lines.Count];
            switch (random.Next(9))
            {
                case 0:
                    lines.Remove(some);
                    break;
                case 1:
                    lines.Insert(at, some);
                    break;
                case 2:
                    lines.Insert(at, some.Replace("=", ".trk=", StringComparison.Ordinal));
                    break;
                case 3:
                    lines.Insert(at, "InternalPort=plain");
                    break;
                case 4:
                    lines = [.. lines.Select(line => line == some ? "# " + line : line)];
                    break;
                case 5:
                    lines.Insert(at, "! only the tracker's port");
                    break;
                case 6:
                    lines.Reverse();
                    break;
                case 7:
                    lines = [.. lines.Select(line => line.Replace($",{World.Other}", $",\\\n   {World.Other}", StringComparison.Ordinal))];
                    break;
                default:
                    lines.Insert(at, "");
                    break;
            }
        }

        return string.Join('\n', lines) + "\n";
    }

    /// <summary>closed, plain or secured.</summary>
    private static async Task<string> StateOf(int port)
    {
        try
        {
            var answer = await Say(port, Stop);
            return answer.Length > 0 && answer[0] != 0x15 ? "plain" : "secured";
        }
        catch (SocketException)
        {
            return "closed";
        }
    }

    private static async Task Hammer(int port, ConcurrentQueue<byte[]> answers, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                answers.Enqueue(await Say(port, cancellationToken));
            }
            catch (SocketException)
            {
                // It is not there yet.
                await Task.Yield();
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task<byte[]> Say(int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
        try
        {
            await socket.SendAsync(_hello, cancellationToken);
            var answer = new byte[64];
            return answer[..await socket.ReceiveAsync(answer, cancellationToken)];
        }
        catch (SocketException)
        {
            // Ended by the other side before it said anything.
            return [];
        }
    }
}
