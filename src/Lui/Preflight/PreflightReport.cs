// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Preflight;

/// <summary>A warning that somebody has seen and lets pass.</summary>
/// <param name="Key">Of the finding.</param>
/// <param name="Who">Who ticked it.</param>
/// <param name="At">When.</param>
internal sealed record PreflightTick(string Key, Actor Who, DateTimeOffset At);

/// <summary>What was found the last time that somebody looked at a job, and what was said to it.</summary>
/// <param name="Of">Fingerprint of what was looked at.</param>
/// <param name="At">When it was looked at.</param>
/// <param name="Findings">Errors first, then warnings, then the rest.</param>
/// <param name="Ticks">Who let which warning pass.</param>
internal sealed record PreflightReport(string Of, DateTimeOffset At, IReadOnlyList<PreflightFinding> Findings, IReadOnlyList<PreflightTick> Ticks)
{
    /// <summary>What the world says - links, DNS - is looked up again after a day.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromDays(1);

    /// <summary>What keeps the job from being authorised.</summary>
    public IReadOnlyList<PreflightFinding> Blocking => [.. Findings.Where(finding => finding.Level == PreflightLevel.Error)];

    /// <summary>What somebody still has to let pass.</summary>
    public IReadOnlyList<PreflightFinding> Asking => [.. Findings.Where(finding => finding.Level == PreflightLevel.Warning && TickOf(finding) is null)];

    /// <summary>Who let a warning pass; null if nobody did.</summary>
    public PreflightTick? TickOf(PreflightFinding finding) => Ticks.FirstOrDefault(tick => tick.Key == finding.Key);

    /// <summary>Whether it still speaks of what would be sent.</summary>
    public bool Counts(string fingerprint, DateTimeOffset now) => Of == fingerprint && now - At < Fresh;
}
