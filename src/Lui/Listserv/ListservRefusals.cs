// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Listserv;

/// <summary>Every "no" about LISTSERV.</summary>
internal static class ListservRefusals
{
    public static Refusal NoConnection(string domain) => new(
        RefusalKind.Conflict, "listserv.no-connection", domain.Length > 0 ? SharedWords.Fill(ListservWords.NoConnectionTo, domain) : ListservWords.NoConnection, "list");

    public static Refusal NoSubscribers(string list, string words) => new(
        RefusalKind.Conflict,
        "listserv.no-subscribers",
        words.Length > 0 ? SharedWords.Fill(ListservWords.NoSubscribersSaid, list, words) : SharedWords.Fill(ListservWords.NoSubscribers, list),
        "list");

    public static Refusal NotRead(string list, string distributor, string words) => new(
        RefusalKind.Unavailable, "listserv.not-read", SharedWords.Fill(ListservWords.NotRead, list, distributor, words), "list");
}
