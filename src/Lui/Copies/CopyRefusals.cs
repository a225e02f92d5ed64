// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Copies;

/// <summary>Every "no" about copies.</summary>
internal static class CopyRefusals
{
    public static Refusal NoPart() => new(RefusalKind.Invalid, "copy.no-part", CopiesWords.NoPart, "parts");

    public static Refusal UnknownPart(string word) => new(
        RefusalKind.Invalid, "copy.part", SharedWords.Fill(CopiesWords.UnknownPart, word, string.Join(", ", Enum.GetValues<JobPart>().Select(Words.Of))), "parts");

    public static Refusal Itself(Job job) => new(RefusalKind.Invalid, "copy.itself", SharedWords.Fill(CopiesWords.Itself, job.Code), "from");

    public static Refusal Nothing(Job job) => new(RefusalKind.Conflict, "copy.nothing", SharedWords.Fill(CopiesWords.Nothing, job.Code), "parts");
}
