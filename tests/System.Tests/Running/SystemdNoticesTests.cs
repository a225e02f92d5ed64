// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Tutti.System.Tests.Running;

/// <summary>What systemd hears on its notify socket: ready, signs of life, stopping.</summary>
public sealed class SystemdNoticesTests : SystemTest
{
    [Fact]
    public async Task Systemd_hears_when_it_is_ready_that_it_is_alive_and_when_it_stops()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        var heard = new ConcurrentQueue<string>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var listening = Task.Run(
            async () =>
            {
                var buffer = new byte[1024];
                while (!over.IsCancellationRequested)
                {
                    heard.Enqueue(Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, over.Token)));
                }
            },
            Cancelled);
        var installation = Own(await Installation.SetUp(separate: false));
        using var server = new ServerRun("notified", ["run", "--home", installation.Home], variables: new() { ["NOTIFY_SOCKET"] = path, ["WATCHDOG_USEC"] = "400000" });

        await Waiting.Until(() => heard.Count(line => line == "WATCHDOG=1") >= 3, TimeSpan.FromMinutes(1), () => $"Heard {string.Join(' ', heard)}\n{server.Output}");
        Assert.DoesNotContain("STOPPING=1", heard);
        Assert.Equal(0, await server.Stop());

        Assert.Equal(["READY=1", $"STATUS=Running {installation.Home}"], heard.Take(2));
        Assert.Contains("STOPPING=1", heard);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
        File.Delete(path);
    }
}
