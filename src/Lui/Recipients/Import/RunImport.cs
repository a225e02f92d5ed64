// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Tutti.Lui.Files;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Recipients.Import;

/// <summary>One import from its beginning to its end, as long as this node holds its lease.</summary>
internal sealed partial class RunImport(
    ImportQueue queue,
    ImportFile import,
    CompleteImport complete,
    ImportRunStore runs,
    RecipientStore recipients,
    UploadStore uploads,
    Leases leases,
    TimeProvider clock,
    ILogger<RunImport> logger)
{
    private static readonly TimeSpan _pulse = TimeSpan.FromSeconds(2);

    /// <summary>The lease of an import.</summary>
    public static string LeaseOf(RecipientSource source) => $"import {source.Id}";

    public async Task Handle(RecipientSource source, CancellationToken stoppingToken)
    {
        try
        {
            await Run(source, stoppingToken);
        }
        catch (Exception exception) when (DatabaseAbsence.Is(exception))
        {
            // It is still marked as importing: whoever reaches the database first begins it again.
            LogDatabase(source.Id, exception.Message);
        }
        finally
        {
            queue.End(source.Id);
        }
    }

    private async Task Run(RecipientSource source, CancellationToken stoppingToken)
    {
        if (!await leases.Keep(LeaseOf(source), stoppingToken))
        {
            return;
        }

        var (progress, stop) = queue.Begin(source.Id);
        using var lost = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, stoppingToken, lost.Token);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var pulse = Pulse(source, progress, lost, over.Token);
        RecipientSource ended;
        try
        {
            ended = await Import(source, progress, either.Token, stoppingToken);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
        {
            ended = await complete.Handle(source, RecipientRefusals.Stopped(source), progress, stoppingToken);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
        {
            LogLost(source.Id);
            return;
        }
#pragma warning disable CA1031 // Whatever broke this import, the ones behind it must go on; the log has the whole error.
        catch (Exception error) when (error is not OperationCanceledException && !DatabaseAbsence.Is(error))
#pragma warning restore CA1031
        {
            LogBroken(error, source.Id);
            ended = await complete.Handle(source, RecipientRefusals.Unreadable(source), progress, stoppingToken);
        }
        finally
        {
            await over.CancelAsync();
            await pulse;
        }

        await runs.Remove(source.Id, stoppingToken);
        await leases.Release(LeaseOf(source), stoppingToken);
        LogEnded(source.Id, ended.State, ended.Valid, ended.Invalid, ended.Duplicates, ended.Failure?.Code ?? "-");
    }

    private async Task<RecipientSource> Import(RecipientSource source, ImportProgress progress, CancellationToken cancellationToken, CancellationToken stoppingToken)
    {
        // An attempt that failed has left its rows.
        while (await recipients.RemoveSome(source.Id, cancellationToken))
        {
        }

        if (await uploads.Find(source.SpoolFile!, cancellationToken) is not { } path)
        {
            return await complete.Handle(source, RecipientRefusals.Interrupted(source), progress, stoppingToken);
        }

        var outcome = await import.Handle(source, path, progress, cancellationToken);
        return outcome.Is(out _, out var refusal)
            ? await complete.Handle(source, progress, stoppingToken)
            : await complete.Handle(source, refusal, progress, stoppingToken);
    }

    /// <summary>Keeps the lease, tells other nodes how far it is, and hears whether somebody wants it stopped.</summary>
    private async Task Pulse(RecipientSource source, ImportProgress progress, CancellationTokenSource lost, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_pulse, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (!await leases.Keep(LeaseOf(source), cancellationToken))
                {
                    await lost.CancelAsync();
                    return;
                }

                if (await runs.Save(source.Id, progress, cancellationToken))
                {
                    queue.Stop(source.Id);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The import has ended.
        }
        catch (Exception exception) when (DatabaseAbsence.Is(exception))
        {
            // The import itself meets the same and says so.
        }
    }

    [LoggerMessage(4101, LogLevel.Error, "Import {Source} broke", EventName = "lui.import.broken")]
    private partial void LogBroken(Exception error, long source);

    [LoggerMessage(4102, LogLevel.Information, "Import {Source} is {State}: {Valid} valid, {Invalid} invalid, {Duplicates} duplicates, reason {Reason}", EventName = "lui.import.ended")]
    private partial void LogEnded(long source, SourceState state, long valid, long invalid, long duplicates, string reason);

    [LoggerMessage(4104, LogLevel.Warning, "Import {Source} is gone on with by another node", EventName = "lui.import.lost")]
    private partial void LogLost(long source);

    [LoggerMessage(4105, LogLevel.Warning, "Import {Source} waits for the database and is begun again: {Reason}", EventName = "lui.import.waits")]
    private partial void LogDatabase(long source, string reason);
}
