// SPDX-License-Identifier: Apache-2.0
using Tutti.Trk.Replacements;

namespace Tutti.Trk.Spool;

/// <summary>Where the spool stands, for everybody who wants to know. Written by the spool's writer and the feed.</summary>
internal sealed class SpoolState
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _newer;
    private long _newest;
    private long _confirmed;
    private long _lost;
    private long _lastEventMs;
    private volatile string? _refusal;
    private volatile bool _isSilent;

    /// <summary>Id of the feed; empty until the spool is open.</summary>
    public string FeedId { get; private set; } = "";

    /// <summary>What the file knows of its past.</summary>
    public FeedHistory History { get; private set; } = FeedHistory.None;

    /// <summary>Who takes this tracker's place; null if nobody does.</summary>
    public Replacement? Replacement { get; set; }

    /// <summary>When the last event came, or since when the tracker runs if none did since.</summary>
    public DateTimeOffset QuietSince => DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Read(ref _lastEventMs));

    /// <summary>Number of the newest event when the spool was opened: larger ones came since.</summary>
    public long AtStart { get; private set; }

    /// <summary>Number of the newest event on the disk.</summary>
    public long Newest => Volatile.Read(ref _newest);

    /// <summary>Up to which number the reader has committed.</summary>
    public long Confirmed => Volatile.Read(ref _confirmed);

    /// <summary>Events that could not be put on the disk since the feed began.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Why the disk refuses events now, in words; null if it does not.</summary>
    public string? Refusal
    {
        get => _refusal;
        set => _refusal = value;
    }

    /// <summary>Has the disk not answered for longer than recipients can wait?</summary>
    public bool IsSilent
    {
        get => _isSilent;
        set => _isSilent = value;
    }

    /// <summary>What is wrong, in words; null while all is well.</summary>
    public string? Trouble => _refusal is { } refusal
        ? $"The tracker cannot write to its disk: {refusal} Links are followed, but opens and clicks are being lost."
        : _isSilent ? "The tracker's disk does not answer. Links are followed; opens and clicks wait in memory." : null;

    public void Begin(FeedState state, FeedHistory history)
    {
        History = history;
        FeedId = state.Id;
        AtStart = state.Newest;
        _confirmed = state.Confirmed;
        _lost = state.Lost;
        Stored(state.Newest);
    }

    /// <summary>The store has another feed now, with the events since its start.</summary>
    public void BeginAnew(FeedState state, FeedHistory history)
    {
        lock (_gate)
        {
            History = history;
            FeedId = state.Id;
            AtStart = 0;
            _confirmed = 0;
            Volatile.Write(ref _newest, 0);
        }

        Stored(state.Newest);
    }

    public void Stored(long newest)
    {
        TaskCompletionSource? newer;
        lock (_gate)
        {
            Volatile.Write(ref _newest, newest);
            (newer, _newer) = (_newer, null);
        }

        newer?.SetResult();
    }

    /// <summary>Remembers when the last event came.</summary>
    public void Came(long atMs) => Interlocked.Exchange(ref _lastEventMs, atMs);

    /// <summary>Remembers that events are lost. False if that was known.</summary>
    public bool Damaged(Hole hole)
    {
        lock (_gate)
        {
            if (History.Damage.Any(known => known.First == hole.First && known.Last >= hole.Last))
            {
                return false;
            }

            History = History with { Damage = [.. History.Damage.Where(known => known.First != hole.First), hole] };
            return true;
        }
    }

    public void Lose(long count) => Interlocked.Add(ref _lost, count);

    public void Confirm(long upTo)
    {
        lock (_gate)
        {
            Volatile.Write(ref _confirmed, Math.Max(_confirmed, upTo));
        }
    }

    /// <summary>Ends when there is an event with a larger number.</summary>
    public Task NewerThan(long number)
    {
        lock (_gate)
        {
            if (_newest > number)
            {
                return Task.CompletedTask;
            }

            _newer ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _newer.Task;
        }
    }
}
