// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Suppression;

/// <summary>Every "no" about the suppression list.</summary>
internal static class SuppressionRefusals
{
    public static Refusal Address(string text, string problem) =>
        new(RefusalKind.Invalid, "suppression.address", SharedWords.Fill(SuppressionWords.BadAddress, text, problem), "addresses");

    public static Refusal Count(int most) => new(
        RefusalKind.Invalid, "suppression.count", SharedWords.Fill(SuppressionWords.BadCount, SharedWords.Number(most)), "addresses");

    public static Refusal Reason(int most) => new(
        RefusalKind.Invalid, "suppression.reason", SharedWords.Fill(SuppressionWords.BadReason, SharedWords.Number(most)), "reason");

    public static Refusal NotListed(string address) => new(RefusalKind.NotFound, "suppression.not-listed", SharedWords.Fill(SuppressionWords.NotListed, address));
}
