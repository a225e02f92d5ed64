// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Journal;
using Tutti.Dst.Lanes.Pacing;

namespace Tutti.Dst.Lanes.Live;

/// <summary>Keeps on disk which lanes people hold and which pause, and brings it back at a start. Distributors of a group share what people hold.</summary>
internal sealed class LaneHolds(LaneStateStore store, JournalWorker journal, Paces paces, LaneTroubles troubles, TimeProvider clock)
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(2);
    private readonly Dictionary<string, LanePause> _kept = new(StringComparer.Ordinal);
    private volatile IReadOnlyDictionary<string, LaneHold> _held = new Dictionary<string, LaneHold>(StringComparer.Ordinal);
    private DateTimeOffset _nextLook;

    /// <summary>Who holds a lane; null: nobody.</summary>
    public LaneHold? Of(string lane) => _held.GetValueOrDefault(lane);

    /// <summary>Stops a lane until it is released. On disk when it returns.</summary>
    public async Task Hold(string lane, string by, CancellationToken cancellationToken)
    {
        var hold = new LaneHold(by, clock.GetUtcNow().ToUnixTimeMilliseconds());
        await journal.Write(session => LaneStateStore.Hold(session, lane, hold));
        await Refresh(cancellationToken);
    }

    /// <summary>Lets a lane go on, whoever or whatever stopped it.</summary>
    public async Task Release(string lane, CancellationToken cancellationToken)
    {
        await journal.Write(session => LaneStateStore.Release(session, lane));
        await Refresh(cancellationToken);
        paces.Find(lane)?.TryAgain();
        troubles.ForgetPauses();
    }

    /// <summary>Takes up where the last run ended.</summary>
    /// <param name="paceOf">The pace of a lane.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task Restore(Func<string, Pace> paceOf, CancellationToken cancellationToken)
    {
        foreach (var (lane, pause) in await store.Pauses(cancellationToken))
        {
            paceOf(lane).Restore(pause);
            _kept[lane] = pause;
        }

        await Refresh(cancellationToken);
    }

    /// <summary>Writes down what has changed since the last call. One caller at a time.</summary>
    public async Task Keep(CancellationToken cancellationToken)
    {
        foreach (var (lane, pace) in paces.All)
        {
            var pause = pace.Pause;
            if (pause != _kept.GetValueOrDefault(lane))
            {
                await journal.Write(session => LaneStateStore.Keep(session, lane, pause));
                if (pause is null)
                {
                    _kept.Remove(lane);
                }
                else
                {
                    _kept[lane] = pause;
                }
            }
        }

        var now = clock.GetUtcNow();
        if (now >= _nextLook)
        {
            _nextLook = now + _every;
            await Refresh(cancellationToken);
        }
    }

    private async Task Refresh(CancellationToken cancellationToken)
    {
        var held = await store.Holds(cancellationToken);
        var released = _held.Keys.Any(lane => !held.ContainsKey(lane));
        _held = held;
        foreach (var (lane, pace) in paces.All)
        {
            pace.Held = held.GetValueOrDefault(lane);
        }

        if (released)
        {
            troubles.ForgetPauses();
        }
    }
}
