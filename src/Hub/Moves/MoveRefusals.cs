// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Hub.Components;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Moves;

/// <summary>Every "no" about components that change their server.</summary>
internal static class MoveRefusals
{
    public static Refusal Same(string address) =>
        new(RefusalKind.Invalid, "move.same", SharedWords.Fill(MovesWords.SameServer, address), "Address");

    public static Refusal Nothing(KnownServer from, string to) => new(
        RefusalKind.Conflict,
        "move.nothing",
        SharedWords.Fill(MovesWords.NothingToMove, to, from.Address));

    public static Refusal OtherAddress(string from, string old, string to, string now) => new(
        RefusalKind.Conflict,
        "move.other-address",
        SharedWords.Fill(MovesWords.OtherAddress, from, old, to, now));

    public static Refusal Incomplete(string to) => new(
        RefusalKind.Unavailable,
        "move.incomplete",
        SharedWords.Fill(MovesWords.Incomplete, to));

    public static Refusal Unmoved(string from) => new(
        RefusalKind.Conflict, "move.not-begun", SharedWords.Fill(MovesWords.Unmoved, from));

    public static Refusal Another(string from, string successor) => new(
        RefusalKind.Conflict, "move.to-another", SharedWords.Fill(MovesWords.Another, successor, from));

    public static Refusal Unread(string from, ulong events) => new(
        RefusalKind.Conflict,
        "move.not-drained",
        SharedWords.Fill(MovesWords.Unread, from, SharedWords.Number((long)events)));

    public static Refusal ReadersCome(string from, TimeSpan ago, TimeSpan quiet) => new(
        RefusalKind.Conflict,
        "move.readers-come",
        SharedWords.Fill(MovesWords.ReadersCome, from, SharedWords.Span(ago), SharedWords.Span(quiet)));

    public static Refusal StillUnread(string from, ulong events) => new(
        RefusalKind.Unavailable,
        "move.draining",
        SharedWords.Fill(MovesWords.StillUnread, from, SharedWords.Number((long)events)));

    public static Refusal Call(string address, string problem) =>
        new(RefusalKind.Unavailable, "move.tracker", SharedWords.Fill(MovesWords.TrackerDoesNot, address, problem));
}
