// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Storage;
using Tutti.Wiring.Transport;

namespace Tutti.Lui.Notices;

/// <summary>Reminds of dates and sends notices by mail; on one node at a time.</summary>
internal sealed partial class NoticesWorker(RemindOfDates remind, SendNotices send, Leases leases, NoticeMailSettings settings, TimeProvider clock, ILogger<NoticesWorker> logger) : BackgroundService
{
    private const string Lease = "notices";

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await leases.Keep(Lease, stoppingToken))
                {
                    await remind.Handle(stoppingToken);
                    await send.Handle(stoppingToken);
                }
            }
            catch (DbException problem)
            {
                LogFailed(problem);
            }
            catch (Exception end) when (CalledOff.Is(end, stoppingToken))
            {
                return;
            }

            await Task.Delay(settings.NoticesEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(4803, LogLevel.Error, "Notices could not be looked for", EventName = "lui.notices.failed")]
    private partial void LogFailed(DbException problem);
}
