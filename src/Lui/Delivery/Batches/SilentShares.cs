// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Tutti.Frame.Words;
using Tutti.Lui.Components;

namespace Tutti.Lui.Delivery.Batches;

/// <summary>
/// What distributors that do not answer still have of a delivery. A share stays where it is until that distributor is
/// back: given to another one, somebody could get the message twice.
/// </summary>
internal sealed class SilentShares(BatchStore batches, ComponentStore components)
{
    // While a distributor is away nothing comes from it, so its share is counted once per absence.
    private readonly ConcurrentDictionary<(long Delivery, long Component), (long Since, long Recipients)> _counted = new();

    /// <summary>In words for the job's page, or null if every distributor with recipients of it answers.</summary>
    public async Task<string?> Describe(long deliveryId, CancellationToken cancellationToken)
    {
        List<string> sentences = [];
        foreach (var componentId in (await batches.Addressees(deliveryId, cancellationToken)).Order())
        {
            if (await components.Find(componentId, cancellationToken) is { Problem: { } problem, ProblemSince: { } since } distributor
                && await Count(deliveryId, componentId, since, cancellationToken) is > 0 and var recipients)
            {
                sentences.Add(SharedWords.Counted(DeliveryWords.SilentShare, recipients, distributor.Title, problem));
            }
        }

        return sentences.Count == 0 ? null : string.Join(' ', sentences);
    }

    private async Task<long> Count(long deliveryId, long componentId, long since, CancellationToken cancellationToken)
    {
        if (!_counted.TryGetValue((deliveryId, componentId), out var counted) || counted.Since != since)
        {
            counted = (since, await batches.Unsettled(deliveryId, componentId, cancellationToken));
            _counted[(deliveryId, componentId)] = counted;
        }

        return counted.Recipients;
    }
}
