// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;

namespace Tutti.Wiring.Outcomes;

/// <summary>A refusal in the language of calls between processes.</summary>
public static class RefusedCall
{
    /// <summary>The trailer that carries the refusal's code.</summary>
    public const string CodeTrailer = "tutti-refusal";

    /// <summary>The refusal as a status with its message, and its code beside it.</summary>
    public static RpcException Of(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        var status = refusal.Kind switch
        {
            RefusalKind.Invalid => StatusCode.InvalidArgument,
            RefusalKind.NotFound => StatusCode.NotFound,
            RefusalKind.Conflict => StatusCode.FailedPrecondition,
            RefusalKind.Forbidden => StatusCode.PermissionDenied,
            RefusalKind.Unavailable => StatusCode.Unavailable,
        };
        return new RpcException(new Status(status, refusal.Message), new Metadata { { CodeTrailer, refusal.Code } });
    }
}
