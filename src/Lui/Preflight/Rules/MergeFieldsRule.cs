// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Preflight.Rules;

/// <summary>Merge fields that leave a gap: for which there is no column, that are empty for some, or whose template fails for some.</summary>
internal sealed class MergeFieldsRule : IPreflightRule
{
    private const string Rule = "merge-fields";

    public ValueTask<IReadOnlyList<PreflightFinding>> Look(PreflightSubject subject, CancellationToken cancellationToken)
    {
        var audience = subject.Audience;
        var findings = new List<PreflightFinding>();
        if (audience.Missing.Count > 0)
        {
            findings.Add(new PreflightFinding(
                Rule, PreflightLevel.Error, SharedWords.Counted(PreflightWords.FieldsMissing, audience.Missing.Count, string.Join(", ", audience.Missing)), JobStep.Content));
        }

        if (audience.NotComputed.Count > 0)
        {
            var words = SharedWords.Counted(PreflightWords.NotComputed, audience.NotComputed.Count, audience.NotComputedWhy ?? "");
            findings.Add(new PreflightFinding(Rule, PreflightLevel.Error, words, JobStep.Content, audience.NotComputed.First));
        }

        findings.AddRange(audience.Empty
            .Where(pair => !audience.Missing.Contains(pair.Key, StringComparer.OrdinalIgnoreCase))
            .OrderByDescending(pair => pair.Value.Count)
            .Select(pair => new PreflightFinding(
                Rule,
                PreflightLevel.Warning,
                SharedWords.Counted(PreflightWords.FieldEmpty, pair.Value.Count, pair.Key, SharedWords.Number(audience.Count)),
                JobStep.Content,
                pair.Value.First)));
        if (findings.Count == 0)
        {
            findings.Add(new PreflightFinding(Rule, PreflightLevel.Good, SharedWords.Counted(PreflightWords.FieldsGood, audience.Count)));
        }

        return ValueTask.FromResult<IReadOnlyList<PreflightFinding>>(findings);
    }
}
