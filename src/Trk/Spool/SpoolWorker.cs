// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Trk.Replacements;

namespace Tutti.Trk.Spool;

/// <summary>
/// The one writer of events. Takes all that wait, commits them together, answers them. When the disk refuses, it answers
/// all the same, counts them as lost, and keeps trying; when the disk only keeps silent, it lets those go who wait.
/// </summary>
internal sealed partial class SpoolWorker(
    EventSpool spool, SpoolStore store, HistoryStore history, ReplacementStore replacements, SpoolState state, SpoolMetrics metrics, SpoolSettings settings, TimeProvider clock, ILogger<SpoolWorker> logger)
    : IHostedService, IDisposable
{
    // Large enough that a commit is mostly one row, small enough that the feed never reads much more than it sends.
    private const int RowBytes = 256 * 1024;

    private static readonly TimeSpan _restBetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _restBetweenErrors = TimeSpan.FromSeconds(10);

    private readonly ArrayBufferWriter<byte> _packing = new(RowBytes + PackedEvents.MaxBytes);
    private readonly List<PackedRow> _rows = [];
    private Task _writing = Task.CompletedTask;
    private ITimer? _watch;
    private long _commitBegan;
    private long _keptLost;
    private long _lostAtLastError;
    private DateTimeOffset _nextError;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        state.Begin(store.Open(), history.Read());
        state.Came(clock.GetUtcNow().ToUnixTimeMilliseconds());
        if ((state.Replacement = replacements.Read()) is { RetiredAt: not null })
        {
            spool.Retire();
        }

        _keptLost = state.Lost;
        _watch = clock.CreateTimer(_ => LookAtTheDisk(), null, settings.Patience / 4, settings.Patience / 4);

        // A thread of its own: it sleeps in system calls most of the time. Not a BackgroundService: one that is stopped before it
        // came to run never runs, and who waits here would wait for ever.
        _writing = Task.Factory.StartNew(WriteUntilStopped, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        spool.Stop();
        return _writing.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _watch?.Dispose();

    private void WriteUntilStopped()
    {
        while (true)
        {
            var taken = spool.Take(_restBetweenLooks, out var isOver);
            state.Lose(spool.TakeOverflowed());
            if (taken.Count > 0)
            {
                spool.AnswerTaken(Commit(taken));
            }

            // Nobody may come here any more while we are not ready, so recovery must not wait for a request.
            if (taken.Count == 0 && state.Refusal is not null)
            {
                TryDisk(store.Probe, lostIfRefused: 0);
            }

            if (state.Lost != _keptLost && state.Refusal is null)
            {
                TryDisk(KeepLost, lostIfRefused: 0);
            }

            if (isOver)
            {
                return;
            }
        }
    }

    private SpoolResult Commit(IReadOnlyList<PendingEvent> taken)
    {
        Pack(taken);
        Volatile.Write(ref _commitBegan, clock.GetTimestamp());
        var isStored = TryDisk(AppendRows, taken.Count);
        Volatile.Write(ref _commitBegan, 0);
        if (state.IsSilent)
        {
            state.IsSilent = false;
            LogSpeaks();
        }

        if (isStored)
        {
            metrics.Committed(taken.Count);
            state.Came(taken[^1].Event.AtMs);
        }

        return isStored ? SpoolResult.Stored : SpoolResult.NotStored;
    }

    private void Pack(IReadOnlyList<PendingEvent> taken)
    {
        _rows.Clear();
        var count = 0;
        foreach (var pending in taken)
        {
            PackedEvents.Add(pending.Event, _packing);
            count++;
            if (_packing.WrittenCount >= RowBytes)
            {
                CloseRow();
            }
        }

        if (count > 0)
        {
            CloseRow();
        }

        void CloseRow()
        {
            _rows.Add(new PackedRow(count, _packing.WrittenSpan.ToArray()));
            _packing.ResetWrittenCount();
            count = 0;
        }
    }

    private void AppendRows() => state.Stored(store.Append(_rows, state.Newest));

    private void KeepLost()
    {
        var lost = state.Lost;
        store.KeepLost(lost);
        _keptLost = lost;
    }

    private bool TryDisk(Action work, int lostIfRefused)
    {
        // Once more with a new connection, unless we know already that the disk is in trouble.
        for (var attempt = state.Refusal is null ? 1 : 2; ; attempt++)
        {
            try
            {
                work();
                if (state.Refusal is not null)
                {
                    state.Refusal = null;
                    LogRecovered(state.Lost);
                }

                return true;
            }
            catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
            {
                if (attempt >= 2)
                {
                    Refused(e, lostIfRefused);
                    return false;
                }
            }
        }
    }

    private void Refused(Exception e, int lost)
    {
        state.Lose(lost);
        state.Refusal = e.Message;
        var now = clock.GetUtcNow();
        if (now >= _nextError)
        {
            _nextError = now + _restBetweenErrors;
            LogRefused(e, state.Lost - _lostAtLastError, state.Lost);
            _lostAtLastError = state.Lost;
        }
    }

    private void LookAtTheDisk()
    {
        var began = Volatile.Read(ref _commitBegan);
        if (began == 0 || clock.GetElapsedTime(began) < settings.Patience)
        {
            return;
        }

        if (!state.IsSilent)
        {
            LogSilent(settings.Patience.TotalSeconds);
            state.IsSilent = true;
            if (Volatile.Read(ref _commitBegan) != began)
            {
                // It spoke just now.
                state.IsSilent = false;
            }
        }

        spool.LetGo();
    }

    [LoggerMessage(3001, LogLevel.Error, "The disk refused events: {Lost} lost since the last such line, {AllLost} since the feed began", EventName = "trk.spool.refused")]
    private partial void LogRefused(Exception exception, long lost, long allLost);

    [LoggerMessage(3002, LogLevel.Warning, "The disk takes events again; {AllLost} were lost since the feed began", EventName = "trk.spool.recovered")]
    private partial void LogRecovered(long allLost);

    [LoggerMessage(3003, LogLevel.Error, "The disk has not answered for {Seconds} seconds: recipients are let go, their events wait", EventName = "trk.spool.silent")]
    private partial void LogSilent(double seconds);

    [LoggerMessage(3006, LogLevel.Warning, "The disk answers again", EventName = "trk.spool.speaks")]
    private partial void LogSpeaks();
}
