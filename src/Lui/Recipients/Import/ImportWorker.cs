// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Lui.Files;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Recipients.Import;

/// <summary>
/// Imports files one after the other, and clears away what is not needed any more. An import whose process ended, here or
/// at another node, is begun again by whoever sees it first: the upload is in the database, and nobody saw its rows.
/// </summary>
internal sealed partial class ImportWorker(
    ImportQueue queue,
    RunImport run,
    RecipientSourceStore sources,
    RecipientStore recipients,
    UploadStore uploads,
    Leases leases,
    TimeProvider clock,
    ILogger<ImportWorker> logger) : BackgroundService
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(LookForAbandoned(stoppingToken), ImportAll(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The component stops; what was on its way is begun again at the next start.
        }
    }

    private async Task ImportAll(CancellationToken stoppingToken)
    {
        await Tolerate(Tidy, stoppingToken);
        await Tolerate(async stop => await uploads.RemoveLeftovers(await sources.SpoolFiles(stop), stop), stoppingToken);
        await foreach (var source in queue.TakeAll(stoppingToken))
        {
            await run.Handle(source, stoppingToken);
            await Tolerate(Tidy, stoppingToken);
        }
    }

    private async Task LookForAbandoned(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_look, clock);
        do
        {
            await Tolerate(
                async stop =>
                {
                    foreach (var source in (await sources.InState(SourceState.Importing, stop)).Where(source => queue.ProgressOf(source.Id) is null))
                    {
                        if (await leases.Keep(RunImport.LeaseOf(source), stop))
                        {
                            LogAbandoned(source.Id);
                            queue.Add(source);
                        }
                    }
                },
                stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Tidy(CancellationToken cancellationToken)
    {
        await sources.DiscardOrphans(cancellationToken);
        foreach (var source in await sources.InState(SourceState.Discarded, cancellationToken))
        {
            while (await recipients.RemoveSome(source.Id, cancellationToken))
            {
            }

            if (source.SpoolFile is { } file)
            {
                await uploads.Remove(file, cancellationToken);
            }

            await sources.Forget(source.Id, cancellationToken);
        }
    }

    private async Task Tolerate(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
        catch (Exception exception) when (DatabaseAbsence.Is(exception))
        {
            LogAway(exception.Message);
        }
    }

    [LoggerMessage(4100, LogLevel.Warning, "Import {Source} was interrupted by the end of a process and is begun again", EventName = "lui.import.interrupted")]
    private partial void LogAbandoned(long source);

    [LoggerMessage(4103, LogLevel.Warning, "Imports wait for the database: {Reason}", EventName = "lui.import.database")]
    private partial void LogAway(string reason);
}
