// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Corridor.Listening;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Corridor.Callers;

/// <summary>The door through which HUB tells who may call what.</summary>
internal sealed class CallersService(ServerCorridor corridor) : Contracts.Server.V1.Callers.CallersBase
{
    /// <inheritdoc/>
    public override Task<CallersReply> Tell(SignedCallers request, ServerCallContext context)
    {
        // Over a plain connection anybody could say it.
        if (context.GetHttpContext().Features.Get<CorridorPeer>() is not { } peer)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "This server is plain: there is nothing to narrow."));
        }

        return corridor.Callers.Take(request, peer.Names) is { } refusal
            ? throw RefusedCall.Of(refusal)
            : Task.FromResult(new CallersReply { Number = corridor.Callers.Number });
    }
}
