// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Preflight;

/// <summary>Every "no" of the preflight.</summary>
internal static class PreflightRefusals
{
    public static Refusal Blocked(Job job, IReadOnlyList<PreflightFinding> errors) => new(
        RefusalKind.Conflict, "preflight.blocked", SharedWords.Counted(PreflightWords.Blocked, errors.Count, job.Code, errors[0].Words));

    public static Refusal Asks(Job job, IReadOnlyList<PreflightFinding> warnings) => new(
        RefusalKind.Conflict, "preflight.asks", SharedWords.Counted(PreflightWords.Asks, warnings.Count, job.Code, warnings[0].Words));

    public static Refusal NoRecipients(Job job) => new(RefusalKind.Conflict, "preflight.no-recipients", SharedWords.Fill(PreflightWords.NoRecipients, job.Code));

    public static Refusal NotLooked(Job job) => new(RefusalKind.NotFound, "preflight.none", SharedWords.Fill(PreflightWords.NotLooked, job.Code));

    public static Refusal Outdated(Job job) => new(RefusalKind.Conflict, "preflight.outdated", SharedWords.Fill(PreflightWords.Outdated, job.Code));

    public static Refusal NoWarning(string key) => new(RefusalKind.Invalid, "preflight.no-warning", SharedWords.Fill(PreflightWords.NoWarning, key), "findings");
}
