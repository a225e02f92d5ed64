// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Inbound;
using Tutti.Dst.Returns.Mailboxes;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Returns;

/// <summary>Where there is a return domain, and no other server takes its mail: takes it on the server's SMTP port.</summary>
internal sealed partial class TakeReturnsWorker(
    ReturnSettings settings, MailboxSettings elsewhere, ReturnMailbox mailbox, ReturnKeys keys, HomeFolder home, ServerConfiguration server, TimeProvider clock, ILogger<TakeReturnsWorker> logger) : BackgroundService
{
    private SmtpReceiver? _receiver;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.ReturnDomain.Length > 0 && !elsewhere.IsUsed)
        {
            await keys.Refresh(cancellationToken);
            _receiver = Open();
            LogListening(_receiver.Endpoint.Port);
        }

        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _receiver?.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _receiver?.Run(stoppingToken) ?? Task.CompletedTask;

    private SmtpReceiver Open()
    {
        var certificate = ReturnCertificate.Read(home, server, settings.ReturnDomain, logger);
        var endpoint = new IPEndPoint(server.Bind, server.Of(Distributor.Name).SmtpPort);
        try
        {
            var limits = new ReceiverLimits
            {
                Connections = settings.ReturnConnections,
                MessageSize = settings.ReturnMessageSize,
                Recipients = 100,
            };
            return new SmtpReceiver(endpoint, settings.ReturnDomain, mailbox, limits, clock, logger, certificate is null ? null : certificate.Current);
        }
        catch (SocketException failure)
        {
            throw new ConfigurationException(
            [
                server.Complain(
                    nameof(ServerSettings.SmtpPort),
                    $"port {endpoint.Port} of {endpoint.Address} cannot be opened for the return domain: {failure.Message}. Choose another port, or empty ReturnDomain in distributor.ini."),
            ]);
        }
    }

    [LoggerMessage(5704, LogLevel.Information, "Bounces are taken on port {Port}", EventName = "dst.returns.listening")]
    private partial void LogListening(int port);
}
