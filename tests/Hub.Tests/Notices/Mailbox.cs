// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace Tutti.Hub.Tests.Notices;

/// <summary>A mail server that keeps what it gets, or refuses it.</summary>
internal sealed class Mailbox : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<MimeMessage> _messages = new();
    private readonly Task _serving;

    public Mailbox()
    {
        _listener.Start();
        _serving = Serve();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>True: it takes nothing for the time being.</summary>
    public bool Refuses { get; set; }

    public IReadOnlyList<MimeMessage> Messages => [.. _messages];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await Talk(client.GetStream());
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Talk(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await Say("220 mailbox ESMTP");
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "MAIL" when Refuses:
                    await Say("451 4.3.0 Not today");
                    break;
                case "DATA":
                    await Say("354 Go on");
                    await Take(reader);
                    await Say("250 2.0.0 Taken");
                    break;
                case "QUIT":
                    await Say("221 2.0.0 Bye");
                    return;
                default:
                    await Say("250 Ok");
                    break;
            }
        }

        ValueTask Say(string reply) => stream.WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"), _end.Token);
    }

    private async Task Take(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_end.Token) is { } line && line != ".")
        {
            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        using var content = new MemoryStream(Encoding.Latin1.GetBytes(text.ToString()));
        _messages.Enqueue(await MimeMessage.LoadAsync(content, _end.Token));
    }
}
