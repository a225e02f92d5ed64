// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;

namespace Tutti.Trk.Spool;

/// <summary>What the spool does, as OpenTelemetry metrics of the meter <c>Tutti.Trk</c>.</summary>
internal sealed class SpoolMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _stored;
    private readonly Histogram<int> _commits;

    public SpoolMetrics(IMeterFactory meters, SpoolState state)
    {
        _meter = meters.Create("Tutti.Trk");
        _stored = _meter.CreateCounter<long>("tutti.trk.events.stored", "{event}", "Events put on the disk.");
        _commits = _meter.CreateHistogram<int>("tutti.trk.commit.events", "{event}", "Events per commit.");
        _meter.CreateObservableCounter("tutti.trk.events.lost", () => state.Lost, "{event}", "Events that could not be put on the disk.");
        _meter.CreateObservableGauge("tutti.trk.events.backlog", () => state.Newest - state.Confirmed, "{event}", "Events that the user interface has not confirmed yet.");
    }

    public void Committed(int events)
    {
        _stored.Add(events);
        _commits.Record(events);
    }

    public void Dispose() => _meter.Dispose();
}
