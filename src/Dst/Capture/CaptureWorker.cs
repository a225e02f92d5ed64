using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Inbound;

namespace Tutti.Dst.Capture;

/// <summary>Runs the capture mailbox's receiver on a free loopback port and trims the mailbox once an hour.</summary>
internal sealed partial class CaptureWorker(
    CaptureStore store, CaptureDelivery delivery, CaptureSettings settings, CaptureAddress address, TimeProvider clock, ILogger<CaptureWorker> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var receiver = new SmtpReceiver(new IPEndPoint(IPAddress.Loopback, 0), "capture.invalid", delivery, new ReceiverLimits { Connections = 4096 }, clock, logger);
        address.Set(receiver.Endpoint);
        LogListening(receiver.Endpoint.Port);
        await Task.WhenAll(receiver.Run(stoppingToken), Trim(stoppingToken));
    }

    private async Task Trim(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var removed = await store.Trim(settings.CaptureKeep, settings.CaptureMessages, stoppingToken);
            await Task.Delay(removed > 0 ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromHours(1), clock, stoppingToken);
        }
    }

    [LoggerMessage(5202, LogLevel.Information, "All mail goes into the capture mailbox, loopback port {Port}", EventName = "dst.capture.listening")]
    private partial void LogListening(int port);
}
