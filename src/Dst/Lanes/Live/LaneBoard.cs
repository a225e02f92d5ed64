// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Tutti.Dst.Lanes.Pacing;
using Tutti.Dst.Queue;
using Tutti.Dst.SourceAddresses;

namespace Tutti.Dst.Lanes.Live;

/// <summary>How the lanes go now: for people, and the busiest ones for monitoring. Never more than so many, however many domains there are.</summary>
internal sealed class LaneBoard : IDisposable
{
    private const int Measured = 20;
    private const int MostNoted = 100_000;
    private readonly Paces _paces;
    private readonly TallyStore _tallies;
    private readonly Departures _departures;
    private readonly Meter _meter;
    private readonly ConcurrentDictionary<string, string> _laneOf = new(StringComparer.Ordinal);
    private DateTimeOffset _nextLook;

    /// <param name="paces">The lanes.</param>
    /// <param name="tallies">Who waits.</param>
    /// <param name="departures">From where.</param>
    /// <param name="meter">Under which name they are measured.</param>
    public LaneBoard(Paces paces, TallyStore tallies, Departures departures, string meter = "Tutti.Dst")
    {
        (_paces, _tallies, _departures, _meter) = (paces, tallies, departures, new Meter(meter));
        Gauge("tutti.dst.lane.connections", "Open connections of the busiest lanes", static pace => pace.Connections);
        Gauge("tutti.dst.lane.limit", "Connections that the busiest lanes may have now", static pace => pace.Limit);
        Gauge("tutti.dst.lane.accepted_per_minute", "Messages that the busiest lanes had accepted in the last minute", static pace => pace.Recent.InLastMinute);
        Gauge("tutti.dst.lane.paused", "1 for a lane that pauses", static pace => pace.IsPaused ? 1 : 0);
    }

    /// <summary>The lane that a destination was brought into last.</summary>
    public void Note(string destination, string lane)
    {
        if (_laneOf.Count >= MostNoted)
        {
            _laneOf.Clear();
        }

        _laneOf[destination] = lane;
    }

    /// <summary>Recipients that wait, by lane. Those whose destination has not been looked up yet belong to none, and stand under the empty name.</summary>
    public async Task<IReadOnlyDictionary<string, long>> Waiting(CancellationToken cancellationToken) =>
        (await _tallies.Waiting(MostNoted, cancellationToken))
            .GroupBy(row => _laneOf.GetValueOrDefault(LaneName.Of(row.Lane, _departures.PoolOf(row.Job)), ""))
            .ToDictionary(lane => lane.Key, lane => lane.Sum(row => row.Count), StringComparer.Ordinal);

    /// <summary>Lanes with open connections, and lanes that pause.</summary>
    public (int AtWork, int Paused) Counts => (_paces.All.Count(lane => lane.Pace.Connections > 0), _paces.Paused.Count());

    /// <summary>The busiest lanes, those that pause first.</summary>
    public IReadOnlyList<(string Lane, Pace Pace)> Busiest(int most) =>
    [
        .. _paces.All
            .OrderByDescending(lane => lane.Pace.IsPaused || lane.Pace.State != PaceState.Closed)
            .ThenByDescending(lane => lane.Pace.Recent.InLastMinute)
            .ThenByDescending(lane => lane.Pace.Connections)
            .ThenByDescending(lane => lane.Pace.Counts.Accepted)
            .ThenBy(lane => lane.Lane, StringComparer.Ordinal)
            .Take(most),
    ];

    /// <summary>How many lanes were used lately.</summary>
    public int Known => _paces.All.Count();

    /// <summary>Looks at all counts, if it is time. One caller at a time.</summary>
    public void Look(DateTimeOffset now)
    {
        if (now < _nextLook)
        {
            return;
        }

        _nextLook = now + RecentCount.Every;
        foreach (var (_, pace) in _paces.All)
        {
            pace.Recent.Look(pace.Counts.Accepted);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, string description, Func<Pace, long> value) => _meter.CreateObservableGauge(
        name,
        () => Busiest(Measured).Select(lane => new Measurement<long>(value(lane.Pace), new KeyValuePair<string, object?>("lane", lane.Lane))),
        description: description);
}
