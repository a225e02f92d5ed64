// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Trk.Spool;

namespace Tutti.Trk.Tests.Spool;

public sealed class SpoolMetricsTests
{
    [Fact]
    public void Stored_lost_and_waiting_events_are_counted()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        var state = new SpoolState();
        using var metrics = new SpoolMetrics(factory, state);
        var seen = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Scope == factory)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen[instrument.Name] = seen.GetValueOrDefault(instrument.Name) + value);
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => seen[instrument.Name] = value);
        listener.Start();

        state.Begin(new FeedState("feed", Newest: 10, Confirmed: 4, Lost: 2), FeedHistory.None);
        metrics.Committed(3);
        metrics.Committed(4);
        listener.RecordObservableInstruments();

        Assert.Equal(7, seen["tutti.trk.events.stored"]);
        Assert.Equal(4, seen["tutti.trk.commit.events"]);
        Assert.Equal(2, seen["tutti.trk.events.lost"]);
        Assert.Equal(6, seen["tutti.trk.events.backlog"]);
    }
}
