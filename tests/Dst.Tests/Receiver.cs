// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Dst.Inbound;

namespace Tutti.Dst.Tests;

/// <summary>A mail server that answers as the test wants and writes down what it took.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly Box _box = new();
    private readonly SmtpReceiver _receiver;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _run;

    public Receiver(int port = 0, IPAddress? address = null, int connections = 256)
    {
        var limits = new ReceiverLimits { Connections = connections };
        _receiver = new SmtpReceiver(new IPEndPoint(address ?? IPAddress.Loopback, port), "mx.example", _box, limits, TimeProvider.System, NullLogger.Instance);
        _run = _receiver.Run(_end.Token);
    }

    public int Port => _receiver.Endpoint.Port;

    /// <summary>Messages that were taken, by recipient.</summary>
    public ConcurrentDictionary<string, ConcurrentBag<string>> Taken => _box.Taken;

    /// <summary>All messages that were taken.</summary>
    public int Count => _box.Taken.Values.Sum(messages => messages.Count);

    /// <summary>How often each recipient was named.</summary>
    public ConcurrentDictionary<string, int> Named => _box.Named;

    /// <summary>The reply to RCPT TO for a recipient and the number of the trial.</summary>
    public Func<string, int, string> AnswerTo { set => _box.Answer = value; }

    /// <summary>The reply to a message after it was taken or not; null drops the connection.</summary>
    public Func<string, Task<string?>> Keep { set => _box.Reply = value; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _run;
        _receiver.Dispose();
        _end.Dispose();
    }

    private sealed class Box : Mailbox
    {
        public ConcurrentDictionary<string, ConcurrentBag<string>> Taken { get; } = new();

        public ConcurrentDictionary<string, int> Named { get; } = new();

        public Func<string, int, string> Answer { get; set; } = static (_, _) => "250 2.1.5 Ok";

        public Func<string, Task<string?>> Reply { get; set; } = static _ => Task.FromResult<string?>("250 2.0.0 Taken");

        public override string AnswerTo(string recipient) => Answer(recipient, Named.AddOrUpdate(recipient, 1, static (_, count) => count + 1));

        public override async ValueTask<string?> Keep(ReceivedMail mail, CancellationToken cancellationToken)
        {
            var message = Encoding.UTF8.GetString(mail.Message.Span);
            var reply = await Reply(mail.Recipients[0]).WaitAsync(cancellationToken);
            if (reply is null || reply.StartsWith('2'))
            {
                // A connection that drops without a reply: the message was taken, only nobody knows.
                Taken.GetOrAdd(mail.Recipients[0], static _ => []).Add(message);
            }

            return reply;
        }
    }
}
