// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Trk.Replacement.V1;
using Tutti.Hub.Components;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Transport;

namespace Tutti.Hub.Moves;

/// <summary>Speaks with a tracker about who takes whose place.</summary>
internal sealed class CallTracker(Peers peers, TimeProvider clock)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    public Task<Outcome<TrackerState>> Describe(KnownServer server, CancellationToken cancellationToken) =>
        Call(server, (client, options) => client.DescribeAsync(new DescribeRequest(), options), cancellationToken);

    public Task<Outcome<TrackerState>> Leave(KnownServer server, string successor, CancellationToken cancellationToken) =>
        Call(server, (client, options) => client.LeaveAsync(new LeaveRequest { Successor = successor }, options), cancellationToken);

    public Task<Outcome<TrackerState>> Stay(KnownServer server, CancellationToken cancellationToken) =>
        Call(server, (client, options) => client.StayAsync(new StayRequest(), options), cancellationToken);

    public Task<Outcome<TrackerState>> Retire(KnownServer server, CancellationToken cancellationToken) =>
        Call(server, (client, options) => client.RetireAsync(new RetireRequest(), options), cancellationToken);

    private async Task<Outcome<TrackerState>> Call(
        KnownServer server, Func<Replacement.ReplacementClient, CallOptions, AsyncUnaryCall<TrackerState>> call, CancellationToken cancellationToken)
    {
        try
        {
            var client = new Replacement.ReplacementClient(peers.Dial(server.Host, server.Port));
            return await call(client, new CallOptions(deadline: clock.GetUtcNow().UtcDateTime + _patience, cancellationToken: cancellationToken));
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            return MoveRefusals.Call(server.Address, failure.Status.Detail);
        }
    }
}
