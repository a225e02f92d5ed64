// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Inbound;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Capture;

/// <summary>
/// Runs the mailbox's receiver on a free loopback port and trims the mailbox once an hour: in capture mode, and otherwise from the first simulated delivery
/// on, or where an earlier one has left something to trim.
/// </summary>
internal sealed partial class CaptureWorker(
    RouteSettings routes, CaptureSettings settings, CaptureAddress address, ComponentFolder folder, IServiceProvider services, TimeProvider clock, ILogger<CaptureWorker> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (routes.Mode != DeliveryMode.Capture && !File.Exists(CaptureFile.In(folder.Data)))
        {
            try
            {
                await address.Wanted(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }

        // Asked for only now: a distributor that has only delivered for real has no mailbox file.
        var store = services.GetRequiredService<CaptureStore>();
        var delivery = services.GetRequiredService<CaptureDelivery>();
        using var receiver = new SmtpReceiver(new IPEndPoint(IPAddress.Loopback, 0), "capture.invalid", delivery, new ReceiverLimits { Connections = 4096 }, clock, logger);
        address.Set(receiver.Endpoint);
        LogListening(receiver.Endpoint.Port);
        await Task.WhenAll(receiver.Run(stoppingToken), Trim(store, stoppingToken));
    }

    private async Task Trim(CaptureStore store, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var removed = await store.Trim(settings.CaptureKeep, settings.CaptureMessages, stoppingToken);
            await Task.Delay(removed > 0 ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromHours(1), clock, stoppingToken);
        }
    }

    [LoggerMessage(5202, LogLevel.Information, "The capture mailbox takes what shall reach nobody, loopback port {Port}", EventName = "dst.capture.listening")]
    private partial void LogListening(int port);
}
