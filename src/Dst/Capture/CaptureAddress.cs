// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Tutti.Dst.Capture;

/// <summary>Where the capture mailbox listens in this process.</summary>
internal sealed class CaptureAddress
{
    private readonly TaskCompletionSource<IPEndPoint> _endpoint = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The endpoint, as soon as it is known.</summary>
    public Task<IPEndPoint> Get(CancellationToken cancellationToken) => _endpoint.Task.WaitAsync(cancellationToken);

    /// <summary>Makes the endpoint known.</summary>
    public void Set(IPEndPoint endpoint) => _endpoint.TrySetResult(endpoint);
}
