// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Grpc.Core;
using Tutti.Lui.Components;
using Tutti.Lui.Delivery;
using Tutti.Lui.Delivery.Batches;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Transport;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Reports;

/// <summary>A destination that defers messages of a job.</summary>
/// <param name="Destination">Domain or host.</param>
/// <param name="Recipients">How many wait for it.</param>
/// <param name="Reply">The receiver's own words at the last attempt.</param>
/// <param name="NextAttempt">When it is tried again.</param>
internal sealed record DeferredDestination(string Destination, long Recipients, string Reply, DateTimeOffset? NextAttempt);

/// <summary>A job on its way, as its page shows it.</summary>
/// <param name="Receipt">The sum now.</param>
/// <param name="WaitsFor">Why it does not go on by itself, or null.</param>
/// <param name="HandedOver">Recipients that are in a batch or have a fate of LUI's own.</param>
/// <param name="Deferred">Recipients whose receivers asked for another time.</param>
/// <param name="OnTheWire">Messages that are being sent at this moment.</param>
/// <param name="Destinations">Those that defer, the busiest first.</param>
internal sealed record DeliveryProgress(
    Receipt Receipt, string? WaitsFor, long HandedOver, long Deferred, long OnTheWire, IReadOnlyList<DeferredDestination> Destinations);

/// <summary>Reads how far a job is. What the distributors say beyond the receipt is asked for at most every two seconds, whoever looks.</summary>
internal sealed class ReadProgress(
    ReadReceipt receipts, DeliveryStore deliveries, BatchStore batches, WaitStore waits, ComponentStore components, Peers peers, TimeProvider clock)
{
    private const int MostDestinations = 20;
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<long, (IReadOnlyList<Wire.Progress> Said, DateTimeOffset At)> _asked = new();

    public async Task<Outcome<DeliveryProgress>> Handle(long jobId, CancellationToken cancellationToken)
    {
        if (!(await receipts.Handle(jobId, cancellationToken)).Is(out var receipt, out var refusal))
        {
            return refusal;
        }

        var delivery = await deliveries.Find(jobId, cancellationToken);
        var said = delivery is { State: DeliveryState.Open } ? await Ask(delivery, cancellationToken) : [];
        return new DeliveryProgress(
            receipt,
            (await waits.Find(jobId, cancellationToken))?.Reason,
            delivery?.ClaimedTo ?? 0,
            said.Sum(one => (long)one.Deferred),
            said.Sum(one => (long)one.OnTheWire),
            [.. said.SelectMany(one => one.DeferredLanes)
                .OrderByDescending(lane => lane.Recipients)
                .Take(MostDestinations)
                .Select(lane => new DeferredDestination(
                    lane.Destination,
                    (long)lane.Recipients,
                    lane.Reply,
                    lane.NextAttemptMs > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(lane.NextAttemptMs) : null))]);
    }

    private async Task<IReadOnlyList<Wire.Progress>> Ask(Delivery.Delivery delivery, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_asked.TryGetValue(delivery.Id, out var known) && now - known.At < _fresh)
        {
            return known.Said;
        }

        var said = new List<Wire.Progress>();
        foreach (var componentId in (await batches.Opened(delivery.Id, cancellationToken)).Keys)
        {
            if (await components.Find(componentId, cancellationToken) is not { Problem: null } distributor)
            {
                continue;
            }

            try
            {
                using var limit = new CancellationTokenSource(_limit, clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
                var client = new Wire.Deliveries.DeliveriesClient(peers.Dial(distributor.Host, distributor.InternalPort));
                said.Add(await client.GetProgressAsync(new Wire.ProgressRequest { JobId = (ulong)delivery.Id }, cancellationToken: either.Token));
            }
            catch (RpcException) when (!cancellationToken.IsCancellationRequested)
            {
                // The receipt stands by itself; what this distributor would add comes when it answers.
            }
        }

        _asked[delivery.Id] = (said, now);
        return said;
    }
}
