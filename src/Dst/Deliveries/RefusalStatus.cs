// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Wiring.Outcomes;

namespace Tutti.Dst.Deliveries;

/// <summary>From a "no" to the language of the wire.</summary>
internal static class RefusalStatus
{
    /// <summary>The same as an answer to a call.</summary>
    public static RpcException ToRpc(this Refusal refusal) => new(new Status(
        refusal.Kind switch
        {
            RefusalKind.Invalid => StatusCode.InvalidArgument,
            RefusalKind.NotFound => StatusCode.NotFound,
            RefusalKind.Conflict => StatusCode.FailedPrecondition,
            RefusalKind.Forbidden => StatusCode.PermissionDenied,
            RefusalKind.Unavailable => StatusCode.Unavailable,
        },
        refusal.Message));
}
