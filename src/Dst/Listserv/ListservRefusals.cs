// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Dst.Listserv;

/// <summary>Every "no" about LISTSERV.</summary>
internal static class ListservRefusals
{
    /// <summary>The code of <see cref="Lost"/>.</summary>
    public const string LostCode = "listserv.answer-lost";

    public static Refusal NotSetUp() => new(
        RefusalKind.Conflict, "listserv.not-set-up", "This distributor works with no LISTSERV. Name one in dst/distributor.ini: Listserv, ListservUser, ListservPassword.");

    public static Refusal NoCommand(string problem) => new(RefusalKind.Invalid, "listserv.no-command", problem);

    public static Refusal BadList(string name) => new(RefusalKind.Invalid, "listserv.bad-list", $"'{name}' is no name of a list.", "list");

    public static Refusal BadAddress(string address, string problem) => new(RefusalKind.Invalid, "listserv.bad-address", $"'{address}' cannot be used: {problem}.", "address");

    public static Refusal Unreachable(string host, string words) => new(
        RefusalKind.Unavailable, "listserv.unreachable", $"LISTSERV at {host} cannot be reached: {words} No command was sent.");

    public static Refusal TurnedAway(string host, string words) => new(
        RefusalKind.Unavailable, "listserv.turned-away", $"LISTSERV at {host} took no command; it said: {words}");

    public static Refusal Lost(string host, string words) => new(
        RefusalKind.Unavailable, LostCode, $"LISTSERV at {host} was sent the command and its answer did not come: {words} Whether the command ran is not known.");

    public static Refusal Failed(string host, uint code, string words) => new(
        RefusalKind.Unavailable, "listserv.failed", $"LISTSERV at {host} did not process the command and gave the code {code}{(words.Length > 0 ? $": {words}" : ".")}");

    public static Refusal TooLong(string host, uint bytes, int most) => new(
        RefusalKind.Unavailable, "listserv.too-long", $"LISTSERV at {host} wants to answer with {bytes} bytes; at most {most} are read (ListservAnswerSize in dst/distributor.ini).");
}
