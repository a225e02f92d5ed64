// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.DropIns;

/// <summary>Every "no" about drop-ins.</summary>
internal static class DropInRefusals
{
    public static Refusal Name(int most) => new(RefusalKind.Invalid, "drop-in.name", SharedWords.Fill(DropInsWords.BadName, SharedWords.Number(most)), "name");

    public static Refusal NameTaken(string name) => new(RefusalKind.Conflict, "drop-in.name-taken", SharedWords.Fill(DropInsWords.NameTaken, name), "name");

    public static Refusal NotFound(string name) => new(RefusalKind.NotFound, "drop-in.not-found", SharedWords.Fill(DropInsWords.NotFound, name));

    public static Refusal Kind(string kind) => new(RefusalKind.Invalid, "drop-in.kind", SharedWords.Fill(DropInsWords.BadKind, kind), "kind");

    public static Refusal TooLong(int most) => new(RefusalKind.Invalid, "drop-in.too-long", SharedWords.Fill(DropInsWords.TooLong, SharedWords.Number(most)), "body");

    public static Refusal Address() => new(RefusalKind.Invalid, "drop-in.address", DropInsWords.BadAddress, "place");

    public static Refusal NoText(string name) => new(RefusalKind.Invalid, "drop-in.no-text", SharedWords.Fill(DropInsWords.FileNoText, name), "file");

    public static Refusal NoFile() => new(RefusalKind.Invalid, "drop-in.no-file", DropInsWords.NoFile, "file");

    public static Refusal Troubled(DropInTrouble trouble) => new(RefusalKind.Conflict, "drop-in.troubled", trouble.Words);

    public static Refusal Failed(string problem) => new(RefusalKind.Invalid, "drop-in.failed", problem, "place");
}
