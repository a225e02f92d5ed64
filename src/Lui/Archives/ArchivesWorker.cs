// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Storage;
using Tutti.Wiring.Transport;

namespace Tutti.Lui.Archives;

/// <summary>Archives jobs, takes their rows away and brings them back, one job after the other; on one node at a time.</summary>
internal sealed partial class ArchivesWorker(LookAfterArchives use, ArchiveSettings settings, Leases leases, TimeProvider clock, ILogger<ArchivesWorker> logger) : BackgroundService
{
    private const string Lease = "archives";

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031", Justification = "A job that cannot be archived now, as when the disk is full, must not end the worker; the next look tries again.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await leases.Keep(Lease, stoppingToken))
                {
                    await Work(stoppingToken);
                }
            }
            catch (Exception end) when (CalledOff.Is(end, stoppingToken))
            {
                return;
            }
            catch (Exception problem)
            {
                LogFailed(problem);
            }

            await Task.Delay(settings.ArchivesEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A large job takes longer than a lease lasts: it is renewed beside the work, and the work ends where it is lost.
    private async Task Work(CancellationToken stoppingToken)
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var work = use.Handle(held.Token);
        while (await Task.WhenAny(work, Task.Delay(Leases.Length / 3, clock, stoppingToken)) != work)
        {
            if (!await leases.Keep(Lease, stoppingToken))
            {
                await held.CancelAsync();
                await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }
        }

        await work;
    }

    [LoggerMessage(4810, LogLevel.Error, "Archives could not be looked after; it is tried again", EventName = "lui.archives.failed")]
    private partial void LogFailed(Exception problem);
}
