// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;

namespace Tutti.Wiring.Transport;

/// <summary>Tells work that ends because it was told to from work that failed.</summary>
public static class CalledOff
{
    /// <summary>
    /// Whether this is how work ends that was cancelled. A call to a peer that is cancelled ends with an <see cref="RpcException"/>;
    /// that is right while its own patience runs out, and no failure when its worker stops.
    /// </summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="cancellationToken">What the work was cancelled with.</param>
    public static bool Is(Exception exception, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested && exception is (OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled });
}
