// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Tutti.Lui.Delivery;
using Tutti.Lui.Fates;
using Tutti.Lui.Jobs;
using Tutti.Lui.Suppression;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients.Waterfalls;

/// <summary>Says who of a job's source will get the message, and who falls away where.</summary>
internal sealed class ReadWaterfall(
    RecipientSourceStore sources, DeliveryStore deliveries, OutcomeStore outcomes, SuppressionStore suppression, WaterfallStore store, TimeProvider clock)
{
    private const int MostKept = 256;

    // A set does not change once it is imported, so a count holds until the next change of the suppression list.
    private readonly ConcurrentDictionary<long, (long Number, Waterfall Waterfall)> _counted = new();

    /// <summary>The waterfall of a job. Refused if it has no recipients yet.</summary>
    public async Task<Outcome<Waterfall>> Handle(Job job, CancellationToken cancellationToken)
    {
        if (!(await ScopeOf(job, cancellationToken)).Is(out var scope, out var refusal))
        {
            return refusal;
        }

        if (scope.DeliveryId is { } delivery)
        {
            var fates = await outcomes.Count(delivery, cancellationToken);
            return Make(scope, new Dictionary<WaterfallStep, long> { [WaterfallStep.Suppressed] = fates.GetValueOrDefault(Fate.Suppressed) });
        }

        // The number is read first: what changes while it is counted makes the count an old one.
        var number = await suppression.LastNumber(cancellationToken);
        if (_counted.TryGetValue(scope.Source.Id, out var known) && known.Number == number)
        {
            return known.Waterfall;
        }

        var waterfall = Make(scope, await store.Count(scope.Source.Id, cancellationToken));
        if (_counted.Count >= MostKept)
        {
            _counted.Clear();
        }

        _counted[scope.Source.Id] = (number, waterfall);
        return waterfall;
    }

    /// <summary>The set that a job uses, or the one that its delivery took.</summary>
    public async Task<Outcome<WaterfallScope>> ScopeOf(Job job, CancellationToken cancellationToken)
    {
        var delivery = await deliveries.Find(job.Id, cancellationToken);
        return (delivery?.RecipientsId ?? job.RecipientsId) is { } id && await sources.Find(id, cancellationToken) is { } source
            ? new WaterfallScope(source, delivery?.Id)
            : RecipientRefusals.None(job.Code);
    }

    private Waterfall Make(WaterfallScope scope, IReadOnlyDictionary<WaterfallStep, long> suppressed)
    {
        var source = scope.Source;
        WaterfallStep[] steps = scope.DeliveryId is null
            ? [WaterfallStep.Unsubscribed, WaterfallStep.Bounced, WaterfallStep.Complained, WaterfallStep.Suppressed]
            : [WaterfallStep.Suppressed];
        return new Waterfall(
            source.FileName,
            source.Valid + source.Invalid + source.Duplicates,
            [
                new(WaterfallStep.Invalid, source.Invalid),
                new(WaterfallStep.Duplicate, source.Duplicates),
                .. steps.Select(step => new WaterfallLine(step, suppressed.GetValueOrDefault(step))),
            ],
            source.Valid - suppressed.Values.Sum(),
            scope.DeliveryId is not null,
            clock.GetUtcNow());
    }
}
