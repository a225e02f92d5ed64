// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Delivery;
using Tutti.Lui.Delivery.Zones;
using Tutti.Lui.Jobs.Schedules;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Preflight.Rules;

/// <summary>Recipients whose time zone is not known, where each shall get the message by a clock of his or her own.</summary>
internal sealed class ZonesRule(SnapshotStore snapshots, ReadZones zones) : IPreflightRule
{
    private const string Rule = "zones";

    public async ValueTask<IReadOnlyList<PreflightFinding>> Look(PreflightSubject subject, CancellationToken cancellationToken)
    {
        if (subject.Job is not { Schedule: { Local: { } local } schedule, RecipientsId: { } recipientsId } || await snapshots.Find(recipientsId, cancellationToken) is not { } snapshot)
        {
            return [];
        }

        return [await zones.Handle(snapshot, local, schedule.Zone, cancellationToken) switch
        {
            null => new PreflightFinding(Rule, PreflightLevel.Error, ScheduleRefusals.NoZoneColumn(local.Column).Message, JobStep.Schedule),
            { Unknown: > 0 and var unknown, Example: { } example } =>
                new PreflightFinding(Rule, PreflightLevel.Warning, SharedWords.Counted(PreflightWords.ZonesUnknown, unknown, local.Column, schedule.Zone, example), JobStep.Schedule),
            { Unknown: > 0 and var unknown } =>
                new PreflightFinding(Rule, PreflightLevel.Warning, SharedWords.Counted(PreflightWords.ZonesEmpty, unknown, local.Column, schedule.Zone), JobStep.Schedule),
            { Plan.Parts.Count: var parts } => new PreflightFinding(Rule, PreflightLevel.Good, SharedWords.Counted(PreflightWords.ZonesGood, parts)),
        }];
    }
}
