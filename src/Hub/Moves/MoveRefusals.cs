// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Components;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Moves;

/// <summary>Every "no" about components that change their server.</summary>
internal static class MoveRefusals
{
    public static Refusal Same(string address) =>
        new(RefusalKind.Invalid, "move.same", $"{address} is one and the same server. Name the old one and the new one.", "Address");

    public static Refusal Nothing(KnownServer from, string to) => new(
        RefusalKind.Conflict,
        "move.nothing",
        $"{to} has no component with the data of {from.Address}, and there are not two running trackers, one of which could take the place of the other. Import on the new server what the old one exported, or set up a tracker there, start it, and say it again.");

    public static Refusal OtherAddress(string from, string old, string to, string now) => new(
        RefusalKind.Conflict,
        "move.other-address",
        $"Readers find the tracker on {from} under {old} and the one on {to} under {now}. The links in letters lead to the first: write PublicUrl={old} into trk/tracker.ini of {to} and start it again.");

    public static Refusal Incomplete(string to) => new(
        RefusalKind.Unavailable,
        "move.incomplete",
        $"The tracker on {to} has not been told yet that it knows all links. The User Interface brings them; it has to run and to reach the tracker's port. Say it again in a minute. Nothing was changed.");

    public static Refusal Unmoved(string from) => new(
        RefusalKind.Conflict, "move.not-begun", $"No tracker takes the place of the one on {from}. First say: tutti hub servers move {from} NEW-HOST[:PORT]");

    public static Refusal Another(string from, string successor) => new(
        RefusalKind.Conflict, "move.to-another", $"The tracker on {successor} takes the place of the one on {from} already. Take that back first: tutti hub servers move {from} {from}");

    public static Refusal Unread(string from, ulong events) => new(
        RefusalKind.Conflict,
        "move.not-drained",
        $"The tracker on {from} still has {events} events that were not fetched. The User Interface fetches them while it runs; say it again when they are. They would be lost.");

    public static Refusal ReadersCome(string from, TimeSpan ago, TimeSpan quiet) => new(
        RefusalKind.Conflict,
        "move.readers-come",
        $"A reader came to the tracker on {from} {InWords(ago)} ago, so the tracking address still leads there for some. Wait until nobody has come for {InWords(quiet)}, or say --quiet with a shorter time.");

    public static Refusal StillUnread(string from, ulong events) => new(
        RefusalKind.Unavailable,
        "move.draining",
        $"The tracker on {from} takes no more events; {events} of those that came last are still to be fetched. Say it again when the User Interface has fetched them.");

    public static Refusal Call(string address, string problem) =>
        new(RefusalKind.Unavailable, "move.tracker", $"The tracker on {address} does not do what it is told: {problem}");

    private static string InWords(TimeSpan span) => span.TotalMinutes >= 2
        ? FormattableString.Invariant($"{span.TotalMinutes:0} minutes")
        : FormattableString.Invariant($"{span.TotalSeconds:0} seconds");
}
