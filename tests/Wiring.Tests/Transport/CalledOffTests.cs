// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Wiring.Transport;

namespace Tutti.Wiring.Tests.Transport;

public sealed class CalledOffTests
{
    private static readonly RpcException _cancelledCall = new(new Status(StatusCode.Cancelled, "Call canceled by the client."));

    [Fact]
    public void A_cancelled_call_of_a_worker_that_stops_is_no_failure()
    {
        Assert.True(CalledOff.Is(_cancelledCall, new CancellationToken(canceled: true)));
        Assert.True(CalledOff.Is(new OperationCanceledException(), new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_call_that_fails_is_a_failure_whether_its_worker_stops_or_not()
    {
        Assert.False(CalledOff.Is(_cancelledCall, CancellationToken.None));
        Assert.False(CalledOff.Is(new OperationCanceledException(), CancellationToken.None));
        Assert.False(CalledOff.Is(new RpcException(new Status(StatusCode.Internal, "broken")), new CancellationToken(canceled: true)));
        Assert.False(CalledOff.Is(new IOException(), new CancellationToken(canceled: true)));
    }
}
