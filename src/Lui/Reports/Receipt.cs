// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Fates;

namespace Tutti.Lui.Reports;

/// <summary>A job's receipt: a sum that can be checked by eye.</summary>
/// <param name="Planned">Valid, distinct recipients of the snapshot, before suppression.</param>
/// <param name="Accepted">Taken by their mail servers.</param>
/// <param name="Refused">Refused by them or by a local rule.</param>
/// <param name="Expired">Not deliverable within the retry period.</param>
/// <param name="Suppressed">On the suppression list.</param>
/// <param name="Withdrawn">Never offered, because people stopped and closed the job.</param>
/// <param name="InDoubt">On the wire when the answer was lost; never repeated by itself.</param>
/// <param name="Waiting">Without a fate yet.</param>
internal sealed record Receipt(long Planned, long Accepted, long Refused, long Expired, long Suppressed, long Withdrawn, long InDoubt, long Waiting)
{
    /// <summary>Whether all that was only simulated.</summary>
    public bool Simulated { get; init; }

    /// <summary>True if every planned recipient is in exactly one term.</summary>
    public bool AddsUp => Waiting >= 0 && Planned == Accepted + Refused + Expired + Suppressed + Withdrawn + InDoubt + Waiting;

    /// <summary>The receipt of counted fates; who has none waits.</summary>
    public static Receipt Of(long planned, IReadOnlyDictionary<Fate, long> counts)
    {
        long Term(Fate fate) => counts.GetValueOrDefault(fate);
        return new Receipt(
            planned,
            Term(Fate.Accepted),
            Term(Fate.Refused),
            Term(Fate.Expired),
            Term(Fate.Suppressed),
            Term(Fate.Withdrawn),
            Term(Fate.InDoubt),
            planned - counts.Where(count => count.Key != Fate.Waiting).Sum(count => count.Value));
    }
}
