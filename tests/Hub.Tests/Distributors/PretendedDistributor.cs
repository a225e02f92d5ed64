// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Contracts.Dst.V1;
using Tutti.Wiring.Hosting;

namespace Tutti.Hub.Tests.Distributors;

/// <summary>A distributor as HUB sees it: a few lanes, and whoever pauses them.</summary>
internal sealed class PretendedDistributor : IComponent
{
    public static string Name => "dst";

    public static IReadOnlyList<Door> Doors { get; } = [new(Listener.Internal, "/tutti.dst.v1.")];

    /// <summary>Who paused what.</summary>
    public static ConcurrentDictionary<string, string> Held { get; } = new();

    public static void Add(WebApplicationBuilder builder) => builder.Services.AddSingleton<IStatusSource, Figures>();

    public static void Map(WebApplication app) => app.MapGrpcService<Desk>();

    private sealed class Figures : IStatusSource
    {
        public ValueTask<ComponentReport> Report(CancellationToken cancellationToken) => ValueTask.FromResult(new ComponentReport(true, [], []));
    }

    private sealed class Desk : Lanes.LanesBase
    {
        public override Task<LaneList> List(ListLanesRequest request, ServerCallContext context)
        {
            var list = new LaneList { Others = 2, Unplaced = 321 };
            foreach (var (name, breaker) in new[] { ("yahoo", "open"), ("google", "closed") })
            {
                var lane = new Lane { Name = name, Breaker = breaker, Limit = 5, Most = 20, Connections = 3, Waiting = 1200, AcceptedPerMinute = 60, Rate = 5, Reason = "421 4.7.0 [TSS04] Later", LastNo = "450 4.2.1 Busy", LastNoAtMs = 1_790_000_000_000 };
                if (Held.TryGetValue(name, out var by))
                {
                    (lane.Breaker, lane.Reason, lane.HeldAtMs) = ("held", by, 1_790_000_000_000);
                }

                list.Lanes.Add(lane);
            }

            return Task.FromResult(list);
        }

        public override Task<LaneChanged> Hold(HoldLaneRequest request, ServerCallContext context)
        {
            if (request.Name is not ("yahoo" or "google"))
            {
                throw new RpcException(new Status(StatusCode.NotFound, $"There is no lane '{request.Name}'."));
            }

            Held.TryAdd(request.Name, request.By);
            return Task.FromResult(new LaneChanged());
        }

        public override Task<LaneChanged> Release(ReleaseLaneRequest request, ServerCallContext context)
        {
            Held.TryRemove(request.Name, out _);
            return Task.FromResult(new LaneChanged());
        }
    }
}
