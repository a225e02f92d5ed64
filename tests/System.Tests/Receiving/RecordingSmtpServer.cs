// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Tutti.System.Tests.Receiving;

/// <summary>
/// A mail server of the outside world: keeps every message with its envelope, and by script refuses, defers and drops
/// connections. Shares nothing with the product.
/// </summary>
public sealed class RecordingSmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<ReceivedMessage> _messages = new();
    private readonly ConcurrentQueue<Answer> _answers = new();
    private readonly ConcurrentDictionary<string, int> _attempts = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<Task, bool> _conversations = new();
    private readonly Func<string, int, Behaviour> _script;
    private readonly Task _accepting;
    private int _connections;
    private int _open;
    private int _numbered;

    /// <summary>Starts to listen.</summary>
    /// <param name="script">From address and number of the attempt, from 1, to what happens; null accepts everything.</param>
    /// <param name="address">Where it listens; null for loopback.</param>
    public RecordingSmtpServer(Func<string, int, Behaviour>? script = null, IPAddress? address = null)
    {
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _script = script ?? ((_, _) => Behaviour.Accept);
        _listener.Start(512);
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>Everything that was read up to its terminator, in the order of arrival.</summary>
    public IReadOnlyCollection<ReceivedMessage> Messages => _messages;

    /// <summary>What was answered about addresses, in order.</summary>
    public IReadOnlyCollection<Answer> Answers => _answers;

    /// <summary>Told of every moment with the recipient that it is about; the conversation goes on when it has ended.</summary>
    public Func<Moment, string, Task> At { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>Connections that are open now.</summary>
    public int OpenConnections => Volatile.Read(ref _open);

    /// <summary>Connections that were ever opened.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_conversations.Keys);
        _stopping.Dispose();
    }

    internal Behaviour Decide(string recipient) => _script(recipient, _attempts.AddOrUpdate(recipient, 1, (_, before) => before + 1));

    internal void Keep(int connection, string sender, string recipient, byte[] raw, Behaviour behaviour) =>
        _messages.Enqueue(new ReceivedMessage(Interlocked.Increment(ref _numbered), connection, sender, recipient, raw, behaviour));

    internal void Note(string recipient, Behaviour behaviour, string reply) => _answers.Enqueue(new Answer(recipient, behaviour, reply));

    private async Task Accept()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync(_stopping.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            var conversation = Converse(socket, Interlocked.Increment(ref _connections));
            _conversations[conversation] = true;
            _ = conversation.ContinueWith(ended => _conversations.TryRemove(ended, out _), TaskScheduler.Default);
        }
    }

    private async Task Converse(Socket socket, int number)
    {
        Interlocked.Increment(ref _open);
        try
        {
            socket.NoDelay = true;
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            await new SmtpConversation(this, stream, number).Run(_stopping.Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side went away, or the test is over: what was read up to a terminator has been kept.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
