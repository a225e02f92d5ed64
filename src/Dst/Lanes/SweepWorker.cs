// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Journal;
using Tutti.Dst.Lanes.Live;
using Tutti.Dst.Queue;
using Tutti.Dst.SourceAddresses;

namespace Tutti.Dst.Lanes;

/// <summary>Gives those a fate who wait and will not be sent to any more: withdrawn by people, or their time is over.</summary>
internal sealed partial class SweepWorker(
    DeliveryStore deliveries, JournalWorker journal, LaneTroubles troubles, Departures departures, QueueSettings settings, TimeProvider clock, ILogger<SweepWorker> logger)
    : BackgroundService
{
    private const int AtOnce = 1000;
    private const string Withdrawn = "The delivery was ended before this message was sent.";
    private static readonly TimeSpan _every = TimeSpan.FromMilliseconds(500);

    /// <summary>Sweeps once.</summary>
    /// <returns>How many recipients got a fate.</returns>
    public async Task<int> Sweep(CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var delivery in await deliveries.Pending(cancellationToken))
        {
            if (delivery.Course == Course.Withdraw)
            {
                count += await SweepAll(delivery.Job, Standing.Withdrawn, static (_, _) => Withdrawn, cancellationToken);
            }
            else if (delivery.Course == Course.Run && delivery.DueAt + (long)settings.Expiry.TotalMilliseconds <= clock.GetUtcNow().ToUnixTimeMilliseconds())
            {
                count += await SweepAll(delivery.Job, Standing.Expired, (lane, reply) => LastWords(LaneName.Of(lane, departures.PoolOf(delivery.Job)), reply), cancellationToken);
            }
        }

        return count;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Sweep(stoppingToken);
            }
            catch (DbException failure)
            {
                LogFailed(failure);
            }

            await Task.Delay(_every, clock, stoppingToken);
        }
    }

    private async Task<int> SweepAll(long job, Standing fate, Func<string, string?, string> words, CancellationToken cancellationToken)
    {
        var (all, some) = (0, 0);
        do
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            some = await journal.Write(session => Queue.Sweep.Some(session, job, fate, words, now, AtOnce));
            all += some;
        }
        while (some == AtOnce && !cancellationToken.IsCancellationRequested);
        return all;
    }

    private string LastWords(string destination, string? reply) =>
        troubles.Behind(destination, clock.GetUtcNow().ToUnixTimeMilliseconds())?.Reply ?? reply ?? "Its time was over before it could be sent.";

    [LoggerMessage(5514, LogLevel.Error, "Recipients that wait in vain could not be settled; it is tried again", EventName = "dst.sweep.failed")]
    private partial void LogFailed(Exception failure);
}
