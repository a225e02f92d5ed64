// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Dst.Lanes.Pacing;
using Tutti.Dst.Lanes.Policies;
using Tutti.Dst.Queue;
using Tutti.Dst.SourceAddresses;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Dst.Lanes.Live;

/// <summary>Tells how the lanes go, and stops them and lets them go on.</summary>
internal sealed class LaneDesk(LaneBoard board, LaneHolds holds, Paces paces, CurrentPolicies policies, SourceBoard sources, QueueSignal signal)
{
    private const int Usual = 50;
    private const int LongestName = 300;

    /// <summary>The busiest lanes.</summary>
    public async Task<Wire.LaneList> List(Wire.ListLanesRequest request, CancellationToken cancellationToken)
    {
        var busiest = board.Busiest(request.Limit is > 0 and <= int.MaxValue ? (int)request.Limit : Usual);
        var waiting = await board.Waiting(cancellationToken);
        var list = new Wire.LaneList { Others = (uint)Math.Max(0, board.Known - busiest.Count), Unplaced = (ulong)waiting.GetValueOrDefault("") };
        list.Lanes.AddRange(busiest.Select(lane => Told(lane.Lane, lane.Pace, waiting.GetValueOrDefault(lane.Lane))));
        return list;
    }

    /// <summary>Stops a lane.</summary>
    public async Task<Wire.LaneChanged> Hold(Wire.HoldLaneRequest request, CancellationToken cancellationToken)
    {
        if (request.Name.Length > LongestName || (paces.Find(request.Name) is null && !policies.Now.Knows(LaneName.OperatorOf(request.Name))))
        {
            throw new RpcException(new Status(StatusCode.NotFound, $"There is no lane '{request.Name}'. Those that are used, and the operators in lanes.ini, can be stopped."));
        }

        await holds.Hold(request.Name, request.By.Length > 0 ? request.By : "Somebody", cancellationToken);
        return new Wire.LaneChanged();
    }

    /// <summary>Lets a lane go on.</summary>
    public async Task<Wire.LaneChanged> Release(Wire.ReleaseLaneRequest request, CancellationToken cancellationToken)
    {
        await holds.Release(request.Name, cancellationToken);
        signal.Ring();
        return new Wire.LaneChanged();
    }

    /// <summary>The source addresses.</summary>
    public Task<Wire.SourceList> ListSources(CancellationToken cancellationToken) => sources.List(cancellationToken);

    private static Wire.Lane Told(string name, Pace pace, long waiting)
    {
        var counts = pace.Counts;
        var lastNo = pace.LastNo;
        return new Wire.Lane
        {
            Name = name,
            Breaker = pace.Held is not null ? "held" : pace.State switch { PaceState.Closed => "closed", PaceState.Open => "open", PaceState.HalfOpen => "half-open" },
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
            PausedUntilMs = pace.Held is null ? pace.Until : 0,
            Reason = pace.Held?.By ?? pace.Reason,
            Waiting = (ulong)waiting,
            LastNo = lastNo.Words,
            LastNoAtMs = lastNo.At,
            HeldAtMs = pace.Held?.At ?? 0,
        };
    }
}
