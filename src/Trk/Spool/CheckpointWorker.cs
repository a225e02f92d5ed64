// SPDX-License-Identifier: Apache-2.0
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tutti.Trk.Spool;

/// <summary>Keeps the write-ahead log short, beside the writer: recipients that wait for a commit must not wait for this.</summary>
internal sealed partial class CheckpointWorker(TrackerFile file, TimeProvider clock, ILogger<CheckpointWorker> logger) : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await file.Checkpoint(stoppingToken);
            }
            catch (SqliteException e)
            {
                // The log grows until it works again; nothing is lost.
                LogPutOff(e);
            }
        }
    }

    [LoggerMessage(3007, LogLevel.Warning, "The write-ahead log could not be carried over; trying again", EventName = "trk.spool.checkpoint.put-off")]
    private partial void LogPutOff(Exception exception);
}
