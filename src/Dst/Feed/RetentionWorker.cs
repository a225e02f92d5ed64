// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Journal;

namespace Tutti.Dst.Feed;

/// <summary>Drops events two weeks after they were confirmed, a few at a time.</summary>
internal sealed partial class RetentionWorker(JournalWorker journal, TimeProvider clock, ILogger<RetentionWorker> logger) : BackgroundService
{
    private const int AtOnce = 2000;
    private static readonly TimeSpan _kept = TimeSpan.FromDays(14);
    private static readonly TimeSpan _every = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await DropOld(stoppingToken);
            }
            catch (DbException failure)
            {
                LogFailed(failure);
            }

            await Task.Delay(_every, clock, stoppingToken);
        }
    }

    private async Task DropOld(CancellationToken stoppingToken)
    {
        var before = (clock.GetUtcNow() - _kept).ToUnixTimeMilliseconds();
        while (!stoppingToken.IsCancellationRequested && await journal.Write(session => FeedStore.DropOld(session, before, AtOnce)))
        {
            // The journal serves others between two calls.
        }
    }

    [LoggerMessage(5521, LogLevel.Warning, "Old events could not be dropped; it is tried again", EventName = "dst.feed.retention-failed")]
    private partial void LogFailed(Exception failure);
}
