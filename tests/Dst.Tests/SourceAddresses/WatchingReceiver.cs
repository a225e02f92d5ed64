// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tutti.Dst.Tests.SourceAddresses;

/// <summary>A mail server that takes everything and writes down who brought it: the address, the name in EHLO, the envelope sender.</summary>
internal sealed class WatchingReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    public WatchingReceiver(IPAddress? address = null, int port = 0)
    {
        _listener = new TcpListener(address ?? IPAddress.Loopback, port);
        _listener.Start();
        _serving = Task.Run(Serve);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What it took, message by message.</summary>
    public ConcurrentQueue<Brought> Taken { get; } = [];

    /// <summary>How many messages came from an address.</summary>
    public int From(string address) => Taken.Count(message => message.Caller == address);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _serving;
        _end.Dispose();
    }

    private async Task Serve()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
            {
                sessions.Add(Converse(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task Converse(TcpClient client)
    {
        using var _ = client;
        using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var caller = ((IPEndPoint)client.Client.RemoteEndPoint!).Address.ToString();
        var (helo, sender, isMessage) = ("", "", false);
        try
        {
            await Say("220 mx.example");
            while (await reader.ReadLineAsync(_end.Token) is { } line)
            {
                if (isMessage)
                {
                    if (line == ".")
                    {
                        isMessage = false;
                        Taken.Enqueue(new Brought(caller, helo, sender));
                        await Say("250 Taken");
                    }

                    continue;
                }

                helo = line.StartsWith("EHLO ", StringComparison.Ordinal) ? line[5..] : helo;
                sender = line.StartsWith("MAIL FROM:<", StringComparison.Ordinal) ? line[11..line.IndexOf('>', StringComparison.Ordinal)] : sender;
                isMessage = line == "DATA";
                await Say(isMessage ? "354 Go on" : line == "QUIT" ? "221 Bye" : "250 Ok");
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            // The test is over, or the client is.
        }

        async Task Say(string words) => await stream.WriteAsync(Encoding.ASCII.GetBytes(words + "\r\n"), _end.Token);
    }
}

/// <summary>A message as a receiver sees it.</summary>
internal sealed record Brought(string Caller, string Helo, string Sender);
