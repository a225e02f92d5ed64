// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Storage;
using Tutti.Wiring.Transport;

namespace Tutti.Lui.Rehearsals;

/// <summary>Looks once a second which rehearsals are under way, and moves each on beside the others. Of several nodes the one with the lease does.</summary>
internal sealed partial class RehearsalsWorker(RehearsalStore rehearsals, Rehearse rehearse, Leases leases, TimeProvider clock, ILogger<RehearsalsWorker> logger) : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(1);
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
            foreach (var rehearsal in await rehearsals.Open(cancellationToken))
            {
                if (await leases.Keep($"rehearsal {rehearsal.Id}", cancellationToken) && (!_running.TryGetValue(rehearsal.Id, out var task) || task.IsCompleted))
                {
                    _running[rehearsal.Id] = Move(rehearsal, cancellationToken);
                }
            }
        }
        catch (DbException problem)
        {
            LogDatabase(problem);
        }

        foreach (var (id, task) in _running)
        {
            if (task.IsCompleted)
            {
                _running.TryRemove(id, out _);
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "One rehearsal that cannot go on must not end the others; the next look tries again.")]
    private async Task Move(Rehearsal rehearsal, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            await rehearse.Handle(rehearsal, cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception problem)
        {
            LogFailed(rehearsal.Id, problem);
        }
    }

    [LoggerMessage(4560, LogLevel.Error, "Rehearsal {Rehearsal} cannot go on; it is tried again", EventName = "lui.rehearsal.failed")]
    private partial void LogFailed(long rehearsal, Exception problem);

    [LoggerMessage(4561, LogLevel.Error, "The database did not say which rehearsals are under way; it is asked again", EventName = "lui.rehearsal.database")]
    private partial void LogDatabase(DbException problem);
}
