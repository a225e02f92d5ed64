// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace Tutti.Trk.Spool;

/// <summary>
/// Where requests leave their events and wait until they are on the disk. One writer takes all that wait at once and
/// commits them together; while it does, the next ones gather.
/// </summary>
internal sealed class EventSpool(SpoolSettings settings)
{
    private const int KeptForReuse = 4_096;

    // Not a Lock: the writer waits for a pulse.
    private readonly object _gate = new();
    private readonly ConcurrentQueue<PendingEvent> _unused = new();
    private List<PendingEvent> _waiting = [];
    private List<PendingEvent> _taken = [];
    private bool _isStopping;
    private bool _isRetired;
    private long _overflowed;

    /// <summary>Waits until an event is on the disk, or cannot be put there.</summary>
    public ValueTask<SpoolResult> Append(in TrackedEvent tracked)
    {
        if (!_unused.TryDequeue(out var pending))
        {
            pending = new PendingEvent(GiveBack);
        }

        var result = pending.Begin(tracked);
        lock (_gate)
        {
            if (_isStopping)
            {
                return ValueTask.FromResult(SpoolResult.Stopping);
            }

            if (_isRetired || _waiting.Count >= settings.Waiting)
            {
                _overflowed++;
                return ValueTask.FromResult(SpoolResult.NotStored);
            }

            _waiting.Add(pending);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_gate);
            }
        }

        return result;
    }

    /// <summary>Waits for events and takes all there are. Called by the writer only.</summary>
    /// <param name="patience">How long to wait.</param>
    /// <param name="isOver">Nothing was taken and nothing will come any more.</param>
    public IReadOnlyList<PendingEvent> Take(TimeSpan patience, out bool isOver)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 && !_isStopping)
            {
                Monitor.Wait(_gate, patience);
            }

            (_waiting, _taken) = (_taken, _waiting);
            isOver = _isStopping && _taken.Count == 0;
            return _taken;
        }
    }

    /// <summary>Answers those that were taken. Called by the writer only.</summary>
    public void AnswerTaken(SpoolResult result)
    {
        List<PendingEvent> taken;
        lock (_gate)
        {
            // Out of reach of LetGo from here on.
            (taken, _taken) = (_taken, []);
        }

        foreach (var pending in taken)
        {
            pending.Answer(result);
        }

        taken.Clear();
        lock (_gate)
        {
            _taken = taken;
        }
    }

    /// <summary>Lets everybody go who waits, because the disk does not answer. Their events stay in line.</summary>
    public void LetGo()
    {
        lock (_gate)
        {
            _taken.ForEach(pending => pending.LetGo());
            _waiting.ForEach(pending => pending.LetGo());
        }
    }

    /// <summary>Events that found no room since the last call.</summary>
    public long TakeOverflowed()
    {
        lock (_gate)
        {
            var overflowed = _overflowed;
            _overflowed = 0;
            return overflowed;
        }
    }

    /// <summary>Takes no more events for good, because another tracker does: whoever comes is led on and counted as lost. Those that wait are still written.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            _isRetired = true;
        }
    }

    /// <summary>Nobody waits for the disk.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count == 0 && _taken.Count == 0;
            }
        }
    }

    /// <summary>Takes no more events; those that wait are still written.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.Pulse(_gate);
        }
    }

    private void GiveBack(PendingEvent pending)
    {
        if (_unused.Count < KeptForReuse)
        {
            _unused.Enqueue(pending);
        }
    }
}
