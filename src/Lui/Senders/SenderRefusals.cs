// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Senders;

/// <summary>Every "no" about senders.</summary>
internal static class SenderRefusals
{
    public static Refusal Address(string field, string text, string problem) =>
        new(RefusalKind.Invalid, "sender.address", SharedWords.Fill(SendersWords.BadAddress, text, problem), field);

    public static Refusal Name(int most) => new(
        RefusalKind.Invalid, "sender.name", SharedWords.Fill(SendersWords.BadName, SharedWords.Number(most)), "name");

    public static Refusal MergedDomain(string address) => new(RefusalKind.Invalid, "sender.merged-domain", SharedWords.Fill(SendersWords.MergedDomain, address), "address");

    public static Refusal MergedAddress(string address) => new(RefusalKind.Invalid, "sender.merged-address", SharedWords.Fill(SendersWords.MergedAddress, address), "address");

    public static Refusal Organisation(int most) => new(
        RefusalKind.Invalid, "sender.organisation", SharedWords.Fill(SendersWords.BadOrganisation, SharedWords.Number(most)), "organisation");

    public static Refusal TooLong(int most, string field) => new(RefusalKind.Invalid, "sender.too-long", SharedWords.Fill(SendersWords.TooLong, SharedWords.Number(most)), field);

    public static Refusal Headers(string problem) => new(RefusalKind.Invalid, "sender.headers", problem, "headers");

    public static Refusal NoListserv() => new(RefusalKind.Conflict, "sender.no-listserv", SendersWords.NoListserv, "way");

    public static Refusal Way(string way) => new(RefusalKind.Invalid, "sender.way", SharedWords.Fill(SendersWords.BadWay, way), "way");

    public static Refusal Domain(string domain) => new(RefusalKind.Invalid, "sender.domain", SharedWords.Fill(SendersWords.BadDomain, domain), "domain");

    public static Refusal None(Job job) => new(RefusalKind.Conflict, "sender.none", SharedWords.Fill(SendersWords.None, job.Code));

    public static Refusal NothingToOverride(string domain) =>
        new(RefusalKind.Conflict, "sender.nothing-to-override", SharedWords.Fill(SendersWords.NothingToOverride, domain));
}
