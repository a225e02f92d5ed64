// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Lui.Delivery.Batches;
using Tutti.Wiring.Storage;
using Tutti.Wiring.Transport;

namespace Tutti.Lui.Delivery;

/// <summary>Looks once a second what is to be delivered, and moves every delivery on beside the others.</summary>
internal sealed partial class DeliveryWorker(
    AdvanceDeliveries advance, HandOver handOver, FinishDelivery finish, WaitStore waits, Leases leases, TimeProvider clock, ILogger<DeliveryWorker> logger) : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<long, Task> _running = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await Look(stoppingToken);
                await Task.Delay(_every, clock, stoppingToken);
            }
        }
        catch (Exception end) when (CalledOff.Is(end, stoppingToken))
        {
            await Task.WhenAll(_running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Look(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var delivery in await advance.Handle(cancellationToken))
            {
                if (!_running.TryGetValue(delivery.Id, out var task) || task.IsCompleted)
                {
                    _running[delivery.Id] = Move(delivery, cancellationToken);
                }
            }
        }
        catch (DbException problem)
        {
            LogLookFailed(problem);
            await Task.Delay(_pause, clock, cancellationToken);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "One delivery that cannot go on must not end the others; the next look tries again.")]
    private async Task Move(Delivery delivery, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            await handOver.Handle(delivery, cancellationToken);
            if (await finish.Handle(delivery, cancellationToken))
            {
                LogFinished(delivery.Id, delivery.Planned);
                await leases.Release(AdvanceDeliveries.LeaseOf(delivery.JobId), cancellationToken);
                _running.TryRemove(delivery.Id, out _);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception problem)
        {
            LogMoveFailed(delivery.Id, problem);
            await Explain(delivery, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(_pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task Explain(Delivery delivery, CancellationToken cancellationToken) => waits.Save(
        delivery.Id, DeliveryWords.HeldUp, cancellationToken);

    [LoggerMessage(4500, LogLevel.Information, "Delivery {Delivery} is finished: all {Planned} recipients have a fate", EventName = "lui.delivery.finished")]
    private partial void LogFinished(long delivery, long planned);

    [LoggerMessage(4501, LogLevel.Error, "Delivery {Delivery} cannot go on; it is tried again", EventName = "lui.delivery.failed")]
    private partial void LogMoveFailed(long delivery, Exception problem);

    [LoggerMessage(4502, LogLevel.Error, "The database did not say what is to be delivered; it is asked again", EventName = "lui.delivery.database")]
    private partial void LogLookFailed(DbException problem);
}
