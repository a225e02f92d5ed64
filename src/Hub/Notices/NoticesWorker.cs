// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Transport;

namespace Tutti.Hub.Notices;

/// <summary>Looks again and again whether there is something to tell.</summary>
internal sealed partial class NoticesWorker(TellAdministrators tell, NoticesSettings settings, TimeProvider clock, ILogger<NoticesWorker> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.NoticesTo.Length == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(settings.NoticesEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookOrWait(stoppingToken);
            }
        }
        catch (Exception end) when (CalledOff.Is(end, stoppingToken))
        {
            // The component stops.
        }
    }

    private async Task LookOrWait(CancellationToken cancellationToken)
    {
        try
        {
            await tell.Handle(cancellationToken);
        }
        catch (DbException failure)
        {
            // The database is away; the next look tries again.
            LogNotKept(failure);
        }
    }

    [LoggerMessage(2403, LogLevel.Error, "What administrators were told could not be read or kept", EventName = "hub.notices.not-kept")]
    private partial void LogNotKept(Exception failure);
}
