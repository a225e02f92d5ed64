// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Transport;

namespace Tutti.Hub.Cluster.Renewal;

/// <summary>Looks again and again whether a certificate is to be renewed, or a server has not heard of the list or of revocations.</summary>
internal sealed partial class KeepCertificatesWorker(KeepCertificates keep, ClusterSettings settings, TimeProvider clock, ILogger<KeepCertificatesWorker> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.CertificateCheckEvery, clock);
        try
        {
            do
            {
                try
                {
                    await keep.Handle(stoppingToken);
                }
                catch (Exception failure) when (failure is DbException or IOException)
                {
                    // The next look tries again.
                    LogFailed(failure);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (Exception end) when (CalledOff.Is(end, stoppingToken))
        {
            // The component stops.
        }
    }

    [LoggerMessage(2300, LogLevel.Error, "Certificates and lists of the servers could not be looked at", EventName = "hub.cluster.failed")]
    private partial void LogFailed(Exception failure);
}
