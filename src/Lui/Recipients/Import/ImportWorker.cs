// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Lui.Files;

namespace Tutti.Lui.Recipients.Import;

/// <summary>Imports files one after the other, and clears away what is not needed any more. At its start, imports that a former process left half done are discarded.</summary>
internal sealed partial class ImportWorker(
    ImportQueue queue,
    ImportFile import,
    CompleteImport complete,
    RecipientSourceStore sources,
    RecipientStore recipients,
    UploadFolder uploads,
    ILogger<ImportWorker> logger) : BackgroundService
{
    private IReadOnlyList<RecipientSource> _interrupted = [];

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first request is answered, so that an import of this process is never taken for one of a former.
        _interrupted = [.. (await sources.InState(SourceState.Importing, cancellationToken)).Where(source => queue.ProgressOf(source.Id) is null)];
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var source in _interrupted)
        {
            LogInterrupted(source.Id);
            await complete.Handle(source, RecipientRefusals.Interrupted(source), progress: null, stoppingToken);
        }

        await Tidy(stoppingToken);
        uploads.RemoveLeftovers(await sources.SpoolFiles(stoppingToken));
        await foreach (var source in queue.TakeAll(stoppingToken))
        {
            await Import(source, stoppingToken);
            await Tidy(stoppingToken);
        }
    }

    private async Task Import(RecipientSource source, CancellationToken stoppingToken)
    {
        var (progress, stop) = queue.Begin(source.Id);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, stoppingToken);
        RecipientSource ended;
        try
        {
            // An attempt that failed has left its rows.
            while (await recipients.RemoveSome(source.Id, either.Token))
            {
            }

            var outcome = await import.Handle(source, uploads.PathOf(source.SpoolFile!), progress, either.Token);
            ended = outcome.Is(out _, out var refusal)
                ? await complete.Handle(source, progress, stoppingToken)
                : await complete.Handle(source, refusal, progress, stoppingToken);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
        {
            ended = await complete.Handle(source, RecipientRefusals.Stopped(source), progress, stoppingToken);
        }
#pragma warning disable CA1031 // Whatever broke this import, the ones behind it must go on; the log has the whole error.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogBroken(error, source.Id);
            ended = await complete.Handle(source, RecipientRefusals.Unreadable(source), progress, stoppingToken);
        }
        finally
        {
            queue.End(source.Id);
        }

        LogEnded(source.Id, ended.State, ended.Valid, ended.Invalid, ended.Duplicates, ended.Failure?.Code ?? "-");
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
                uploads.Remove(file);
            }

            await sources.Forget(source.Id, cancellationToken);
        }
    }

    [LoggerMessage(4100, LogLevel.Warning, "Import {Source} was interrupted by the end of the process and is discarded", EventName = "lui.import.interrupted")]
    private partial void LogInterrupted(long source);

    [LoggerMessage(4101, LogLevel.Error, "Import {Source} broke", EventName = "lui.import.broken")]
    private partial void LogBroken(Exception error, long source);

    [LoggerMessage(4102, LogLevel.Information, "Import {Source} is {State}: {Valid} valid, {Invalid} invalid, {Duplicates} duplicates, reason {Reason}", EventName = "lui.import.ended")]
    private partial void LogEnded(long source, SourceState state, long valid, long invalid, long duplicates, string reason);
}
