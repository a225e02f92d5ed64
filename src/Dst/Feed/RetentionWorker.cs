// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Hosting;
using Tutti.Dst.Journal;

namespace Tutti.Dst.Feed;

/// <summary>Drops events two weeks after they were confirmed, a few at a time.</summary>
internal sealed class RetentionWorker(JournalWorker journal, TimeProvider clock) : BackgroundService
{
    private const int AtOnce = 2000;
    private static readonly TimeSpan _kept = TimeSpan.FromDays(14);
    private static readonly TimeSpan _every = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var before = (clock.GetUtcNow() - _kept).ToUnixTimeMilliseconds();
            while (!stoppingToken.IsCancellationRequested && await journal.Write(session => FeedStore.DropOld(session, before, AtOnce)))
            {
                // The journal serves others between two calls.
            }

            await Task.Delay(_every, clock, stoppingToken);
        }
    }
}
