// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Senders;

/// <summary>Every "no" about senders.</summary>
internal static class SenderRefusals
{
    public static Refusal Address(string field, string text, string problem) =>
        new(RefusalKind.Invalid, "sender.address", $"'{text}' cannot be used: {problem}.", field);

    public static Refusal Name(int most) => new(
        RefusalKind.Invalid, "sender.name", string.Create(CultureInfo.InvariantCulture, $"A sender's name has at most {most} characters and no line breaks."), "name");

    public static Refusal None(Job job) => new(RefusalKind.Conflict, "sender.none", $"Mail job {job.Code} has no sender yet.");

    public static Refusal NothingToOverride(string domain) =>
        new(RefusalKind.Conflict, "sender.nothing-to-override", $"Nothing keeps {domain} from sending; there is nothing to override.");
}
