// SPDX-License-Identifier: Apache-2.0
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tutti.Trk.Spool;

/// <summary>Deletes events that were confirmed long ago.</summary>
internal sealed partial class RetentionWorker(SpoolStore store, SpoolSettings settings, TimeProvider clock, ILogger<RetentionWorker> logger) : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromHours(1);

    /// <summary>Deletes what is due, in small steps that let events pass in between.</summary>
    internal async Task DeleteDue(CancellationToken cancellationToken)
    {
        var all = 0;
        while (await store.DeleteConfirmedBefore(clock.GetUtcNow() - settings.KeepConfirmed, cancellationToken) is > 0 and var deleted)
        {
            all += deleted;
        }

        if (all > 0)
        {
            LogDeleted(all, settings.KeepConfirmed.TotalDays);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await DeleteDue(stoppingToken);
            }
            catch (SqliteException e)
            {
                // Not urgent: the next hour is as good.
                LogPutOff(e);
            }
        }
    }

    [LoggerMessage(3004, LogLevel.Information, "Deleted {Batches} batches of events that were confirmed more than {Days} days ago", EventName = "trk.spool.deleted")]
    private partial void LogDeleted(int batches, double days);

    [LoggerMessage(3005, LogLevel.Warning, "Old events could not be deleted; trying again in an hour", EventName = "trk.spool.delete.put-off")]
    private partial void LogPutOff(Exception exception);
}
