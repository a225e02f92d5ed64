// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Tutti.Dst.Capture;

/// <summary>Where the capture mailbox listens in this process.</summary>
internal sealed class CaptureAddress
{
    private readonly TaskCompletionSource<IPEndPoint> _endpoint = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The endpoint, as soon as it is known. Whoever asks wants the mailbox to run.</summary>
    public Task<IPEndPoint> Get(CancellationToken cancellationToken)
    {
        _wanted.TrySetResult();
        return _endpoint.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends when somebody has asked for the endpoint.</summary>
    public Task Wanted(CancellationToken cancellationToken) => _wanted.Task.WaitAsync(cancellationToken);

    /// <summary>Makes the endpoint known.</summary>
    public void Set(IPEndPoint endpoint) => _endpoint.TrySetResult(endpoint);
}
