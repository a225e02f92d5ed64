// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Frame.Words;
using Tutti.Lui.Components;
using Tutti.Wiring.Transport;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Delivery;

/// <summary>Receivers that put messages off, with their own words.</summary>
internal sealed record PutOffLane(string Destination, long Recipients, string Reply, DateTimeOffset NextAttempt);

/// <summary>What the distributors say of a delivery that runs.</summary>
/// <param name="OnTheWire">Messages that are being handed over at this moment.</param>
/// <param name="Deferred">Recipients that were put off by their receivers.</param>
/// <param name="Lanes">Where they were put off, the busiest first.</param>
/// <param name="Silent">Distributors that did not answer.</param>
internal sealed record DeliveryProgress(long OnTheWire, long Deferred, IReadOnlyList<PutOffLane> Lanes, IReadOnlyList<string> Silent);

/// <summary>Asks all distributors how a delivery goes; for eyes only, nothing is decided by it.</summary>
internal sealed class ReadProgress(ComponentStore components, Peers peers, TimeProvider clock)
{
    private const int MostLanes = 20;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    public async Task<DeliveryProgress> Handle(long deliveryId, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll((await components.List(Component.Distributors, cancellationToken)).Select(one => Ask(one, deliveryId, cancellationToken)));
        return new DeliveryProgress(
            answers.Sum(answer => (long?)answer.Progress?.OnTheWire ?? 0),
            answers.Sum(answer => (long?)answer.Progress?.Deferred ?? 0),
            [
                .. answers
                    .SelectMany(answer => answer.Progress?.DeferredLanes ?? [])
                    .Select(lane => new PutOffLane(lane.Destination, (long)lane.Recipients, lane.Reply, DateTimeOffset.FromUnixTimeMilliseconds(lane.NextAttemptMs)))
                    .OrderByDescending(lane => lane.Recipients)
                    .Take(MostLanes),
            ],
            [.. answers.Where(answer => answer.Problem is not null).Select(answer => answer.Problem!)]);
    }

    private async Task<(Wire.Progress? Progress, string? Problem)> Ask(Component distributor, long deliveryId, CancellationToken cancellationToken)
    {
        try
        {
            var client = new Wire.Deliveries.DeliveriesClient(peers.Dial(distributor.Host, distributor.InternalPort));
            var request = new Wire.ProgressRequest { JobId = (ulong)deliveryId };
            return (await client.GetProgressAsync(request, deadline: clock.GetUtcNow().UtcDateTime + _patience, cancellationToken: cancellationToken), null);
        }
        catch (RpcException failure) when (failure.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition)
        {
            // It never heard of the delivery.
            return (null, null);
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, SharedWords.Fill(DeliveryWords.NoAnswer, distributor.Title));
        }
    }
}
