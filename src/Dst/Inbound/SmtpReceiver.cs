// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Tutti.Dst.Inbound;

/// <summary>Listens for SMTP clients and puts what they bring into a mailbox. Relays nothing.</summary>
internal sealed partial class SmtpReceiver : IDisposable
{
    private readonly Socket _listener;
    private readonly string _name;
    private readonly Mailbox _mailbox;
    private readonly ReceiverLimits _limits;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Func<SslStreamCertificateContext>? _certificate;
    private int _connections;

    /// <summary>Opens the port; clients are served by <see cref="Run"/>.</summary>
    /// <param name="endpoint">Where to listen; port 0 takes a free one.</param>
    /// <param name="name">Our name in the greeting.</param>
    /// <param name="mailbox">Takes the mail.</param>
    /// <param name="limits">What clients may do.</param>
    /// <param name="clock">Measures silence.</param>
    /// <param name="logger">Gets what went wrong.</param>
    /// <param name="certificate">Asked at each STARTTLS; null: it is not offered.</param>
    /// <exception cref="SocketException">The port is in use, or may not be opened.</exception>
    public SmtpReceiver(IPEndPoint endpoint, string name, Mailbox mailbox, ReceiverLimits limits, TimeProvider clock, ILogger logger, Func<SslStreamCertificateContext>? certificate = null)
    {
        (_name, _mailbox, _limits, _clock, _logger, _certificate) = (name, mailbox, limits, clock, logger, certificate);
        _listener = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(endpoint);
            _listener.Listen(512);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Serves clients until cancelled; then their connections are cut. A message without a reply was not taken, or is in doubt at the client.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        var sessions = new HashSet<Task>();
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var client = await Accept(cancellationToken);
                if (client is not null)
                {
                    sessions.RemoveWhere(session => session.IsCompleted);
                    sessions.Add(Task.Run(() => Serve(client, cancellationToken), CancellationToken.None));
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end that was asked for.
        }

        await Task.WhenAll(sessions);
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private async Task<Socket?> Accept(CancellationToken cancellationToken)
    {
        try
        {
            var client = await _listener.AcceptAsync(cancellationToken);
            client.NoDelay = true;
            return client;
        }
        catch (SocketException failure)
        {
            // A client that left while it waited, or no file handles for a moment: the next one may fare better.
            LogAcceptFailed(failure.SocketErrorCode);
            await Task.Delay(TimeSpan.FromMilliseconds(50), _clock, cancellationToken);
            return null;
        }
    }

    private async Task Serve(Socket client, CancellationToken cancellationToken)
    {
        using var session = new ReceiverSession(client, _name, _mailbox, _limits, _clock, _certificate);
        try
        {
            if (Interlocked.Increment(ref _connections) > _limits.Connections)
            {
                LogTurnedAway(_limits.Connections);
                await client.SendAsync(Encoding.ASCII.GetBytes($"421 4.3.2 {_name} has too many connections.\r\n"), cancellationToken);
                return;
            }

            try
            {
                await session.Run(cancellationToken);
            }
            finally
            {
                _mailbox.Left();
            }
        }
        catch (Exception failure) when (failure is SocketException or IOException or AuthenticationException or ObjectDisposedException or OperationCanceledException)
        {
            // The client left, was silent for too long, or we stop. It keeps what got no reply.
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    [LoggerMessage(5101, LogLevel.Warning, "An SMTP client could not be accepted: {Error}", EventName = "dst.inbound.accept-failed")]
    private partial void LogAcceptFailed(SocketError error);

    [LoggerMessage(5102, LogLevel.Warning, "An SMTP client was turned away: there are {Limit} connections already", EventName = "dst.inbound.turned-away")]
    private partial void LogTurnedAway(int limit);
}
