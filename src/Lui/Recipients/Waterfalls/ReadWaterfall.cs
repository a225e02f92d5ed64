// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Delivery;
using Tutti.Lui.Fates;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients.Waterfalls;

/// <summary>Says who of a job's source will get the message, and who falls away where.</summary>
internal sealed class ReadWaterfall(
    RecipientSourceStore sources, DeliveryStore deliveries, OutcomeStore outcomes, CountSuppressed count, TimeProvider clock)
{

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

        return Make(scope, await count.Handle(scope.Source, cancellationToken));
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
