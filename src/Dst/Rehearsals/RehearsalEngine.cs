// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Journal;
using Tutti.Dst.Lanes.Live;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Wiring.Storage;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Dst.Rehearsals;

/// <summary>One rehearsal: its engine, and the eye on it that leaps over waits, keeps what was measured, and notices the end.</summary>
internal sealed partial class RehearsalEngine : IAsyncDisposable
{
    private const int LanesLookedAt = 500;
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _save = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _together = TimeSpan.FromSeconds(30);

    private readonly long _job;
    private readonly Database _database;
    private readonly RehearsalFile _file;
    private readonly ServiceProvider _services;
    private readonly RehearsalClock _clock;
    private readonly TimeProvider _outside;
    private readonly Measures _measures;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _ending = new(1, 1);
    private Task _watching = Task.CompletedTask;
    private long _skipped;
    private long _startedAt;
    private bool _isSealed;
    private bool _isStopped;
    private byte[]? _report;

    private RehearsalEngine(
        long job, Database database, RehearsalFile file, ServiceProvider services, RehearsalClock clock, TimeProvider outside, Measures measures, ILogger logger) =>
        (_job, _database, _file, _services, _clock, _outside, _measures, _logger) = (job, database, file, services, clock, outside, measures, logger);

    /// <summary>Whether everybody has a fate.</summary>
    public bool IsDone => _report is not null;

    private JournalWorker Journal => _services.GetRequiredService<JournalWorker>();

    private RehearsalReporting Reporting => _services.GetRequiredService<RehearsalReporting>();

    /// <summary>Begins a rehearsal, or goes on with one whose file is there: with what was on the wire in doubt, and at the time that it showed then.</summary>
    /// <param name="parts">Builds the engine.</param>
    /// <param name="folder">Where the files of all rehearsals lie.</param>
    /// <param name="job">Its number.</param>
    /// <param name="manner">providers or accept; null for one that is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">There is none, or <c>rehearsal.ini</c> has mistakes.</exception>
    public static async Task<RehearsalEngine> Start(RehearsalParts parts, string folder, long job, string? manner, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var database = Database.OnSqlite(RehearsalFile.In(folder, job));
        try
        {
            var file = await RehearsalFile.Open(database, cancellationToken);
            var state = await file.State(cancellationToken);
            if ((state?.Manner ?? manner) is not { } played)
            {
                throw new InvalidOperationException("It was cut off before it had begun.");
            }

            var receivers = PlayedReceivers.Read(parts.Folder, out var complaints);
            if (complaints.Count > 0)
            {
                throw new InvalidOperationException(string.Join(' ', complaints));
            }

            var clock = new RehearsalClock(parts.Clock, state is null ? parts.Clock.GetUtcNow() : DateTimeOffset.FromUnixTimeMilliseconds(state.Clock));
            var measures = new Measures(MeasureCounts.Of(state?.Measures));
            var services = parts.Build(database, clock, played == Manners.Accept ? receivers.TakingAll() : receivers, measures);
            var engine = new RehearsalEngine(job, database, file, services, clock, parts.Clock, measures, services.GetRequiredService<ILogger<RehearsalEngine>>())
            {
                _skipped = state?.Skipped ?? 0,
                _startedAt = state?.StartedAt ?? clock.Now,
                _isSealed = state is { IsSealed: 1 },
                _report = state?.Report,
            };
            await engine.Run(played, cancellationToken);
            return engine;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes the content; once.</summary>
    public Task Open(QueuedDelivery delivery) => Journal.Write(session => DeliveryStore.Open(session, delivery with { DueAt = _startedAt }, _clock.Now));

    /// <summary>Takes a batch; once.</summary>
    public async Task<BatchReception> Submit(long number, Func<MailRoutes, List<NewRecipient>> read)
    {
        if (IsDone)
        {
            return BatchReception.Repeated;
        }

        var recipients = read(_services.GetRequiredService<RehearsalRoutes>());
        var now = _clock.Now;
        var reception = await Journal.Write(session => BatchStore.Add(session, _job, number, recipients, now));
        if (reception == BatchReception.Stored)
        {
            _services.GetRequiredService<QueueSignal>().Arrived(recipients.Select(recipient => recipient.Lane).Distinct(StringComparer.Ordinal));
        }

        return reception;
    }

    /// <summary>No more batches come.</summary>
    public async Task Seal()
    {
        if (!IsDone)
        {
            await Journal.Write(static session =>
            {
                RehearsalFile.Seal(session);
                return true;
            });
            Volatile.Write(ref _isSealed, true);
        }
    }

    /// <summary>What it has shown so far.</summary>
    public async Task<Wire.RehearsalReport> Report(CancellationToken cancellationToken) => _report is { } report
        ? Wire.RehearsalReport.Parser.ParseFrom(report)
        : await Reporting.Make(_job, _startedAt, _clock.Now, _skipped, isDone: false, cancellationToken);

    /// <summary>An odd message, or null.</summary>
    public Task<byte[]?> OddMessage(long number, CancellationToken cancellationToken) => _file.OddMessage(number, cancellationToken);

    /// <summary>Stops the engine, so that it goes on where it was. What is on the wire gets its answer.</summary>
    public async Task Stop(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await End(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), _outside);
        await Stop(patience.Token);
        await _database.DisposeAsync();
        _stopping.Dispose();
        _ending.Dispose();
    }

    private async Task Run(string manner, CancellationToken cancellationToken)
    {
        if (IsDone)
        {
            await End(cancellationToken);
            return;
        }

        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(cancellationToken);
        }

        await Journal.Write(session =>
        {
            RehearsalFile.Begin(session, manner, _startedAt);
            return true;
        });
        _watching = Task.Run(Watch, CancellationToken.None);
    }

    private async Task Watch()
    {
        var (last, still, sinceSaved) = (default((Tally, long)), 0, TimeSpan.Zero);
        while (!_stopping.IsCancellationRequested)
        {
            await Task.Delay(_look, _outside, _stopping.Token);
            try
            {
                var tally = await _services.GetRequiredService<TallyStore>().Of(_job, _stopping.Token);
                var seen = (tally, _measures.Activity);
                still = seen.Equals(last) ? still + 1 : 0;
                last = seen;
                sinceSaved += _look;
                if (sinceSaved >= _save)
                {
                    sinceSaved = TimeSpan.Zero;
                    await Save();
                }

                if (Volatile.Read(ref _isSealed) && tally.Submitted == tally.Settled)
                {
                    await Finish();
                    return;
                }

                // Two quiet looks: nothing is on the wire, and nobody has come a step further.
                if (still >= 2 && tally.Offered == 0 && Volatile.Read(ref _isSealed))
                {
                    await Leap();
                    still = 0;
                }
            }
            catch (Exception failure) when (failure is System.Data.Common.DbException or IOException)
            {
                LogTrouble(_job, failure);
            }
        }
    }

    /// <summary>
    /// To the next moment at which somebody is due or a lane ends its pause, and on to the last one that comes soon after it: otherwise each of
    /// those who were put off together, and come back apart by chance, would be a leap of its own.
    /// </summary>
    private async Task Leap()
    {
        var now = _clock.Now;
        if (await EndsOfPauses(now) is not { } pauses)
        {
            return;
        }

        var first = Math.Min(await _file.FirstDue(now, _stopping.Token) ?? long.MaxValue, pauses.DefaultIfEmpty(long.MaxValue).Min());
        if (first == long.MaxValue)
        {
            return;
        }

        var until = first + Math.Max((first - now) / 4, (long)_together.TotalMilliseconds);
        var last = Math.Max(await _file.LastDue(now, until, _stopping.Token) ?? 0, pauses.Where(end => end <= until).DefaultIfEmpty().Max());
        var wait = TimeSpan.FromMilliseconds(last - now + 1);
        _skipped += (long)wait.TotalMilliseconds;
        _clock.Leap(wait);
        LogLeap(_job, wait);
        await Save();
        _services.GetRequiredService<QueueSignal>().Ring();
    }

    /// <summary>When the lanes that somebody waits in end their pauses; null if somebody is due in one that has none, and just has not begun.</summary>
    private async Task<List<long>?> EndsOfPauses(long now)
    {
        var troubles = _services.GetRequiredService<LaneTroubles>();
        var ends = new List<long>();
        foreach (var lane in await _services.GetRequiredService<TallyStore>().Fullest(_job, LanesLookedAt, _stopping.Token))
        {
            if (troubles.Behind(lane.Lane, now) is { } trouble)
            {
                if (trouble.Until > now)
                {
                    ends.Add(trouble.Until);
                }
            }
            else if (await _services.GetRequiredService<RecipientStore>().NextDue(_job, lane.Lane, _stopping.Token) <= now)
            {
                return null;
            }
        }

        return ends;
    }

    private async Task Save()
    {
        var now = _clock.Now;
        await Journal.Write(session =>
        {
            RehearsalFile.Save(session, now, _skipped);
            return true;
        });
    }

    private async Task Finish()
    {
        await Save();
        var report = (await Reporting.Make(_job, _startedAt, _clock.Now, _skipped, isDone: true, _stopping.Token)).ToByteArray();
        await Journal.Write(session =>
        {
            RehearsalFile.Finish(session, report);
            return true;
        });
        _report = report;
        LogDone(_job);
        await End(CancellationToken.None);
    }

    /// <summary>Ends what runs, once; the file stays.</summary>
    private async Task End(CancellationToken cancellationToken)
    {
        await _ending.WaitAsync(CancellationToken.None);
        try
        {
            if (_isStopped)
            {
                return;
            }

            _isStopped = true;
            if (!_watching.Equals(Task.CompletedTask))
            {
                var hosted = _services.GetServices<IHostedService>().Reverse().ToList();
                foreach (var service in hosted.Where(service => service is not JournalWorker))
                {
                    await service.StopAsync(cancellationToken);
                }

                if (_report is null)
                {
                    await Save();
                }

                await Journal.StopAsync(cancellationToken);
            }

            await _services.DisposeAsync();
        }
        finally
        {
            _ending.Release();
        }
    }

    [LoggerMessage(5810, LogLevel.Information, "Rehearsal {Job} is done", EventName = "dst.rehearsal.done")]
    private partial void LogDone(long job);

    [LoggerMessage(5813, LogLevel.Debug, "Rehearsal {Job} leaps over {Wait}", EventName = "dst.rehearsal.leap")]
    private partial void LogLeap(long job, TimeSpan wait);

    [LoggerMessage(5811, LogLevel.Error, "Rehearsal {Job} cannot be looked after; it is tried again", EventName = "dst.rehearsal.trouble")]
    private partial void LogTrouble(long job, Exception failure);
}
