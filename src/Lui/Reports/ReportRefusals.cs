// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Reports;

/// <summary>Every "no" about reports.</summary>
internal static class ReportRefusals
{
    public static Refusal Fate(string given) => new(
        RefusalKind.Invalid,
        "report.fate",
        $"'{given}' is no fate. Choose waiting, accepted, refused, expired, suppressed, withdrawn or in-doubt.",
        "fate");
}
