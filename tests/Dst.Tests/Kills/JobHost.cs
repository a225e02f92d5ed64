// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tutti.Dst.Tests.Kills;

/// <summary>The moments of a conversation with LISTSERV's mail host.</summary>
internal enum JobMoment
{
    /// <summary>The host was named its recipient, and nothing of the job has come.</summary>
    Named,

    /// <summary>The job is being read.</summary>
    Writing,

    /// <summary>It was taken, and the answer has not left.</summary>
    Ended,

    /// <summary>The answer has left.</summary>
    Answered,
}

/// <summary>The mail host of a LISTSERV: keeps every job that came with its end, and tells of the moments before it goes on. Offers no extension, so that each command waits for its answer.</summary>
internal sealed class JobHost : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _conversations = [];
    private readonly Task _accepting;

    public JobHost()
    {
        _listener.Start();
        _accepting = Task.Run(Accept);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The jobs that were taken, each with the recipients that it names.</summary>
    public ConcurrentQueue<IReadOnlyList<string>> Taken { get; } = [];

    /// <summary>Told of every moment; the conversation goes on when it has ended.</summary>
    public Func<JobMoment, Task> At { get; set; } = static _ => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await Task.WhenAll([_accepting, .. _conversations]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task Accept()
    {
        while (!_end.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_end.Token);
            _conversations.Add(Task.Run(() => Converse(client)));
        }
    }

    private async Task Converse(TcpClient client)
    {
        using var _ = client;
        client.NoDelay = true;
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        try
        {
            await Say("220 lists.example.com");
            while (await reader.ReadLineAsync(_end.Token) is { } line)
            {
                switch (line.Split(' ', ':')[0])
                {
                    case "RCPT":
                        await At(JobMoment.Named);
                        await Say("250 Ok");
                        break;
                    case "DATA":
                        await Say("354 Go on");
                        await Read(reader);
                        await At(JobMoment.Ended);
                        await Say("250 Taken");
                        await At(JobMoment.Answered);
                        break;
                    default:
                        await Say(line == "QUIT" ? "221 Bye" : "250 Ok");
                        break;
                }
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            // Who sent it was killed, or the test is over.
        }

        async Task Say(string words) => await stream.WriteAsync(Encoding.ASCII.GetBytes(words + "\r\n"), _end.Token);
    }

    private async Task Read(StreamReader reader)
    {
        var names = new List<string>();
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            if (line == ".")
            {
                Taken.Enqueue(names);
                return;
            }

            if (line.EndsWith(" BSMTP", StringComparison.Ordinal))
            {
                if (names.Count == 0)
                {
                    await At(JobMoment.Writing);
                }

                names.Add(line[..^6]);
            }
        }

        throw new IOException("The sender went away.");
    }
}
