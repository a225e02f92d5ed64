// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Reports;

/// <summary>Every "no" about reports.</summary>
internal static class ReportRefusals
{
    public static Refusal Fate(string given) => new(
        RefusalKind.Invalid,
        "report.fate",
        SharedWords.Fill(ReportsWords.NoSuchFate, given),
        "fate");
}
