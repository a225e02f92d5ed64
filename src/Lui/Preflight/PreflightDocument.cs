// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Preflight;

/// <summary>A preflight over REST.</summary>
/// <param name="At">When it was looked at.</param>
/// <param name="Current">Whether it still speaks of what would be sent.</param>
/// <param name="Blocks">Whether an error keeps the job from being authorised.</param>
/// <param name="Asks">Whether a warning still has to be ticked.</param>
/// <param name="Findings">Errors first, then warnings, then the rest.</param>
internal sealed record PreflightDocument(DateTimeOffset At, bool Current, bool Blocks, bool Asks, IReadOnlyList<PreflightDocument.Finding> Findings)
{
    /// <summary>One thing that was found.</summary>
    /// <param name="Key">Names it for a tick.</param>
    /// <param name="Rule">Stable word of the rule.</param>
    /// <param name="Level">error, warning, not-checked or good.</param>
    /// <param name="Words">What was found and what to do.</param>
    /// <param name="Step">The step where it is mended, or null.</param>
    /// <param name="Recipients">The first recipients whom it concerns.</param>
    /// <param name="TickedBy">Who let it pass, or null.</param>
    /// <param name="TickedAt">When, or null.</param>
    internal sealed record Finding(
        string Key, string Rule, string Level, string Words, string? Step, IReadOnlyList<PreflightPerson> Recipients, string? TickedBy, DateTimeOffset? TickedAt);

    public static PreflightDocument Of(PreflightReport report, bool current) => new(
        report.At,
        current,
        report.Blocking.Count > 0,
        report.Asking.Count > 0,
        [
            .. report.Findings.Select(finding => new Finding(
                finding.Key,
                finding.Rule,
                Words.Of(finding.Level),
                finding.Words,
                finding.Place is { } step ? Words.Of(step) : null,
                finding.People,
                report.TickOf(finding)?.Who.Name,
                report.TickOf(finding)?.At)),
        ]);
}
