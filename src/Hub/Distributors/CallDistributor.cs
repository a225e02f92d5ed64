// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Dst.V1;
using Tutti.Hub.Components;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Transport;

namespace Tutti.Hub.Distributors;

/// <summary>Speaks with a distributor about its lanes.</summary>
internal sealed class CallDistributor(Peers peers, TimeProvider clock)
{
    private const int Shown = 100;

    // A page waits for it, and looks again a moment later.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    public Task<Outcome<LaneList>> List(KnownServer server, CancellationToken cancellationToken) =>
        Call(server, (client, options) => client.ListAsync(new ListLanesRequest { Limit = Shown }, options), cancellationToken);

    public Task<Outcome<LaneChanged>> Hold(KnownServer server, string lane, string by, CancellationToken cancellationToken) =>
        Call(server, (client, options) => client.HoldAsync(new HoldLaneRequest { Name = lane, By = by }, options), cancellationToken);

    public Task<Outcome<LaneChanged>> Release(KnownServer server, string lane, CancellationToken cancellationToken) =>
        Call(server, (client, options) => client.ReleaseAsync(new ReleaseLaneRequest { Name = lane }, options), cancellationToken);

    private async Task<Outcome<T>> Call<T>(
        KnownServer server, Func<Lanes.LanesClient, CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            var client = new Lanes.LanesClient(peers.Dial(server.Host, server.Port));
            return await call(client, new CallOptions(deadline: clock.GetUtcNow().UtcDateTime + _patience, cancellationToken: cancellationToken));
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            return failure.StatusCode == StatusCode.NotFound
                ? DistributorRefusals.NoLane(failure.Status.Detail)
                : DistributorRefusals.Silent(server.Address, failure.Status.Detail);
        }
    }
}
