// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Dst.Inbound;

namespace Tutti.Dst.Tests.Inbound;

/// <summary>A receiver on a free port that remembers what it took.</summary>
internal sealed class RunningReceiver : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly SmtpReceiver _receiver;
    private readonly Task _running;

    public RunningReceiver(ReceiverLimits? limits = null, TimeProvider? clock = null, Mailbox? mailbox = null, Func<SslStreamCertificateContext>? certificate = null, int port = 0)
    {
        _receiver = new SmtpReceiver(
            new IPEndPoint(IPAddress.Loopback, port), "dst.example", mailbox ?? Remembered, limits ?? new ReceiverLimits(), clock ?? TimeProvider.System, NullLogger.Instance, certificate);
        _running = _receiver.Run(_end.Token);
    }

    public IPEndPoint Endpoint => _receiver.Endpoint;

    public RememberingMailbox Remembered { get; } = new();

    /// <summary>Says all of this at once, then leaves; what it hears until then.</summary>
    public async Task<string> Tell(string words) => await Tell(Encoding.Latin1.GetBytes(words));

    public async Task<string> Tell(byte[] words)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Endpoint, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        var hearing = Task.Run(() => Hear(stream), TestContext.Current.CancellationToken);
        try
        {
            await stream.WriteAsync(words, TestContext.Current.CancellationToken);
            client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            // It has sent us away.
        }

        return await hearing;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _receiver.Dispose();
        _end.Dispose();
    }

    private static string Hear(NetworkStream stream)
    {
        var heard = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (stream.Read(buffer) is > 0 and var count)
            {
                heard.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (IOException)
        {
            // It has sent us away.
        }

        return heard.ToString();
    }
}

internal sealed class RememberingMailbox : Mailbox
{
    public List<(string From, string[] To, string Message)> Mails { get; } = [];

    public override string AnswerTo(string recipient) => recipient.StartsWith("nobody@", StringComparison.Ordinal) ? "550 5.1.1 Nobody" : "250 2.1.5 Ok";

    public override ValueTask<string?> Keep(ReceivedMail mail, CancellationToken cancellationToken)
    {
        lock (Mails)
        {
            Mails.Add((mail.From, [.. mail.Recipients], Encoding.UTF8.GetString(mail.Message.Span)));
        }

        return ValueTask.FromResult<string?>("250 2.0.0 Kept");
    }
}
