// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Dst.Control.V1;
using Tutti.Dst.Lanes.Pacing;
using Wire = Tutti.Contracts.Dst.Control.V1;

namespace Tutti.Dst.Lanes.Live;

/// <summary>Tells the person who owns home how the lanes go.</summary>
internal sealed class LanesService(LaneBoard board) : Wire.Lanes.LanesBase
{
    private const int Usual = 50;

    /// <inheritdoc/>
    public override Task<LaneList> List(ListLanesRequest request, ServerCallContext context)
    {
        var busiest = board.Busiest(request.Limit is > 0 and <= int.MaxValue ? (int)request.Limit : Usual);
        var list = new LaneList { Others = (uint)Math.Max(0, board.Known - busiest.Count) };
        list.Lanes.AddRange(busiest.Select(lane => Told(lane.Lane, lane.Pace)));
        return Task.FromResult(list);
    }

    private static Wire.Lane Told(string name, Pace pace)
    {
        var counts = pace.Counts;
        return new Wire.Lane
        {
            Name = name,
            Breaker = pace.State switch { PaceState.Closed => "closed", PaceState.Open => "open", PaceState.HalfOpen => "half-open" },
            Connections = (uint)Math.Max(0, pace.Connections),
            Limit = (uint)pace.Limit,
            Most = (uint)pace.Policy.Connections,
            Destinations = (uint)pace.Destinations,
            AcceptedPerMinute = (ulong)pace.Recent.InLastMinute,
            Accepted = (ulong)counts.Accepted,
            Deferred = (ulong)counts.Deferred,
            Refused = (ulong)counts.Refused,
            Opened = (ulong)pace.Opened,
            Rate = pace.Rate.PerSecond,
            PausedUntilMs = pace.Until,
            Reason = pace.Reason,
        };
    }
}
