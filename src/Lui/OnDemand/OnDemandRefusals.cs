// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.OnDemand;

/// <summary>What cannot be done with jobs whose recipients come one by one.</summary>
internal static class OnDemandRefusals
{
    public static Refusal NotRunning(Job job) => new(RefusalKind.Conflict, "on-demand.not-running", SharedWords.Fill(OnDemandWords.NotRunning, job.Code));

    public static Refusal Address(string problem) => new(RefusalKind.Invalid, "on-demand.address", SharedWords.Fill(OnDemandWords.BadAddress, problem), "address");

    public static Refusal NoColumn(string name, IReadOnlyList<string> columns) => new(
        RefusalKind.Invalid, "on-demand.column", SharedWords.Fill(OnDemandWords.NoColumn, name, string.Join(", ", columns)), "values");

    public static Refusal TooLong(int most) => new(RefusalKind.Invalid, "on-demand.too-long", SharedWords.Fill(OnDemandWords.TooLong, SharedWords.Number(most)), "values");

    public static Refusal Reference(int most) => new(RefusalKind.Invalid, "on-demand.reference", SharedWords.Fill(OnDemandWords.BadReference, SharedWords.Number(most)), "reference");

    public static Refusal OtherMessage(string reference) => new(RefusalKind.Conflict, "on-demand.other-message", SharedWords.Fill(OnDemandWords.OtherMessage, reference), "reference");

    public static Refusal NoMessage(Job job, long number) => new(
        RefusalKind.NotFound, "on-demand.message-not-found", SharedWords.Fill(OnDemandWords.NoMessage, job.Code, number.ToString(CultureInfo.InvariantCulture)));
}
