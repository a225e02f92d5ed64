// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Tutti.Lui.Recipients.AddressIndex;
using Tutti.Lui.Suppression;

namespace Tutti.Lui.Recipients.Waterfalls;

/// <summary>
/// Counts the recipients of a set that stand on the suppression list. A set does not change once it is imported: what was counted is carried on
/// by the numbered changes of the list, so that an unsubscribe anywhere does not have five million recipients read again.
/// </summary>
internal sealed class CountSuppressed(WaterfallStore store, SuppressionStore suppression, AddressIndexStore addresses)
{
    private const int MostKept = 256;
    private const int MostCarried = 500;

    private readonly ConcurrentDictionary<long, Counted> _counted = new();

    /// <summary>How many recipients fall away at each step, as the list is now.</summary>
    public async Task<IReadOnlyDictionary<WaterfallStep, long>> Handle(RecipientSource source, CancellationToken cancellationToken)
    {
        // The number is read first: what changes while it is counted makes the count an old one.
        var number = await suppression.LastNumber(cancellationToken);
        var known = _counted.GetValueOrDefault(source.Id);
        if (known?.Number == number)
        {
            return known.Steps;
        }

        var steps = (known is null ? null : await CarryOn(source, known, number, cancellationToken)) ?? await store.Count(source.Id, cancellationToken);
        if (_counted.Count >= MostKept)
        {
            _counted.Clear();
        }

        _counted[source.Id] = new Counted(number, steps);
        return steps;
    }

    /// <summary>The count with the changes since, or null if it has to be counted anew: the set is small, there are too many, or one took off the list who was counted.</summary>
    private async Task<IReadOnlyDictionary<WaterfallStep, long>?> CarryOn(RecipientSource source, Counted known, long number, CancellationToken cancellationToken)
    {
        if (source.Valid < AddressIndexStore.Least || number - known.Number is < 0 or > MostCarried || !await addresses.Covers(source.Id, source.Valid, cancellationToken))
        {
            return null;
        }

        var steps = new Dictionary<WaterfallStep, long>(known.Steps);
        var changes = await suppression.ChangesAfter(known.Number, MostCarried, cancellationToken);
        foreach (var ofAddress in changes.Where(change => change.Number <= number).GroupBy(change => change.Address, StringComparer.Ordinal))
        {
            if (await addresses.Find(source.Id, ofAddress.Key, cancellationToken) is null)
            {
                continue;
            }

            // Under which source it was counted is not known any more.
            if (!ofAddress.First().Suppressed)
            {
                return null;
            }

            if (await suppression.Find(ofAddress.Key, cancellationToken) is { } entry)
            {
                var step = WaterfallStore.StepOf(entry.Source);
                steps[step] = steps.GetValueOrDefault(step) + 1;
            }
        }

        return steps;
    }

    private sealed record Counted(long Number, IReadOnlyDictionary<WaterfallStep, long> Steps);
}
