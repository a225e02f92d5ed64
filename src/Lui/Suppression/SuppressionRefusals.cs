// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Suppression;

/// <summary>Every "no" about the suppression list.</summary>
internal static class SuppressionRefusals
{
    public static Refusal Address(string text, string problem) =>
        new(RefusalKind.Invalid, "suppression.address", $"'{text}' is no address: {problem}. Nothing was changed.", "addresses");

    public static Refusal Count(int most) => new(
        RefusalKind.Invalid, "suppression.count", string.Create(CultureInfo.InvariantCulture, $"1 to {most:N0} addresses can be added at once."), "addresses");

    public static Refusal Reason(int most) => new(
        RefusalKind.Invalid, "suppression.reason", string.Create(CultureInfo.InvariantCulture, $"A reason has at most {most} characters and no line breaks."), "reason");

    public static Refusal NotListed(string address) => new(RefusalKind.NotFound, "suppression.not-listed", $"{address} is not on the suppression list.");
}
