// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Rehearsals;

/// <summary>Every "no" about rehearsals.</summary>
internal static class RehearsalRefusals
{
    public static Refusal TooLate(Job job) => new(RefusalKind.Conflict, "rehearsal.too-late", SharedWords.Fill(RehearsalsWords.TooLate, job.Code));

    public static Refusal Running(Job job) => new(RefusalKind.Conflict, "rehearsal.running", SharedWords.Fill(RehearsalsWords.RunsAlready, job.Code));

    public static Refusal NotRunning(Job job) => new(RefusalKind.Conflict, "rehearsal.not-running", SharedWords.Fill(RehearsalsWords.NotRunning, job.Code));

    public static Refusal None(Job job) => new(RefusalKind.NotFound, "rehearsal.none", SharedWords.Fill(RehearsalsWords.None, job.Code));

    public static Refusal Manner(string word) => new(RefusalKind.Invalid, "rehearsal.manner", SharedWords.Fill(RehearsalsWords.NoSuchManner, word), "manner");

    public static Refusal NoMessage(Job job) => new(RefusalKind.NotFound, "rehearsal.no-message", SharedWords.Fill(RehearsalsWords.NoSuchMessage, job.Code));
}
