// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Doubts;

/// <summary>Every "no" about recipients in doubt.</summary>
internal static class DoubtRefusals
{
    public static Refusal None() => new(RefusalKind.Conflict, "doubts.none", DoubtsWords.NoneOfThem);

    public static Refusal Closing() => new(RefusalKind.Conflict, "doubts.closing", DoubtsWords.Closing);

    public static Refusal Nobody() => new(RefusalKind.Invalid, "doubts.nobody", DoubtsWords.NameThem, "recipients");
}
