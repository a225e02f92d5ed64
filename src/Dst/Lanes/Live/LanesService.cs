// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Control = Tutti.Contracts.Dst.Control.V1;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Dst.Lanes.Live;

/// <summary>Tells HUB how the lanes go, and does what administrators ask for there.</summary>
internal sealed class LanesService(LaneDesk desk) : Wire.Lanes.LanesBase
{
    /// <inheritdoc/>
    public override Task<Wire.LaneList> List(Wire.ListLanesRequest request, ServerCallContext context) => desk.List(request, context.CancellationToken);

    /// <inheritdoc/>
    public override Task<Wire.LaneChanged> Hold(Wire.HoldLaneRequest request, ServerCallContext context) => desk.Hold(request, context.CancellationToken);

    /// <inheritdoc/>
    public override Task<Wire.LaneChanged> Release(Wire.ReleaseLaneRequest request, ServerCallContext context) => desk.Release(request, context.CancellationToken);

    /// <inheritdoc/>
    public override Task<Wire.SourceList> ListSources(Wire.ListSourcesRequest request, ServerCallContext context) => desk.ListSources(context.CancellationToken);
}

/// <summary>The same for the person who owns home.</summary>
internal sealed class LanesControlService(LaneDesk desk) : Control.Lanes.LanesBase
{
    /// <inheritdoc/>
    public override Task<Wire.LaneList> List(Wire.ListLanesRequest request, ServerCallContext context) => desk.List(request, context.CancellationToken);

    /// <inheritdoc/>
    public override Task<Wire.LaneChanged> Hold(Wire.HoldLaneRequest request, ServerCallContext context) => desk.Hold(request, context.CancellationToken);

    /// <inheritdoc/>
    public override Task<Wire.LaneChanged> Release(Wire.ReleaseLaneRequest request, ServerCallContext context) => desk.Release(request, context.CancellationToken);

    /// <inheritdoc/>
    public override Task<Wire.SourceList> ListSources(Wire.ListSourcesRequest request, ServerCallContext context) => desk.ListSources(context.CancellationToken);
}
