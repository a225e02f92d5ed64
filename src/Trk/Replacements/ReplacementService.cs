// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.Data.Sqlite;
using Tutti.Contracts.Trk.Replacement.V1;
using Tutti.Trk.Publications;
using Tutti.Trk.Spool;
using Wire = Tutti.Contracts.Trk.Replacement.V1;

namespace Tutti.Trk.Replacements;

/// <summary>Lets HUB lead this tracker out of service.</summary>
internal sealed class ReplacementService(ReplaceTracker replace, SpoolState state, CatchUp catchUp, TimeProvider clock) : Wire.Replacement.ReplacementBase
{
    /// <inheritdoc/>
    public override Task<TrackerState> Describe(DescribeRequest request, ServerCallContext context) => Task.FromResult(State());

    /// <inheritdoc/>
    public override Task<TrackerState> Leave(LeaveRequest request, ServerCallContext context) => Do(() => replace.Leave(request.Successor, context.CancellationToken));

    /// <inheritdoc/>
    public override Task<TrackerState> Stay(StayRequest request, ServerCallContext context) => Do(() => replace.Stay(context.CancellationToken));

    /// <inheritdoc/>
    public override Task<TrackerState> Retire(RetireRequest request, ServerCallContext context) => Do(() => replace.Retire(context.CancellationToken));

    private async Task<TrackerState> Do(Func<Task<Wiring.Outcomes.Outcome<bool>>> change)
    {
        try
        {
            return (await change()).Is(out _, out var refusal) ? State() : throw new RpcException(new Status(StatusCode.FailedPrecondition, refusal.Message));
        }
        catch (SqliteException e)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, $"The tracker cannot write to its disk: {e.Message}"));
        }
    }

    private TrackerState State()
    {
        return new TrackerState
        {
            FeedId = state.FeedId,
            Complete = catchUp.IsComplete,
            Newest = (ulong)state.Newest,
            Confirmed = (ulong)state.Confirmed,
            Successor = state.Replacement?.Successor ?? "",
            Retired = state.Replacement?.RetiredAt is not null,
            QuietSinceMs = state.QuietSince.ToUnixTimeMilliseconds(),
            ClockMs = clock.GetUtcNow().ToUnixTimeMilliseconds(),
        };
    }
}
