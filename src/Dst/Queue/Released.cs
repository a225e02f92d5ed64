// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Journal;

namespace Tutti.Dst.Queue;

/// <summary>Recipients that this node holds and will not send to now: any node may take them.</summary>
internal sealed class Released(IReadOnlyList<Place> places) : JournalEntry
{
    /// <inheritdoc/>
    public override bool MustLast => true;

    /// <inheritdoc/>
    public override void Write(JournalSession session)
    {
        foreach (var place in places)
        {
            RecipientStore.Release(session, place);
        }
    }
}

/// <summary>A claim whose answer was lost with the connection to the database: what this node holds in a lane and does not know of is let go.</summary>
/// <param name="node">This node.</param>
/// <param name="job">The delivery.</param>
/// <param name="lane">The lane.</param>
/// <param name="held">Whom it knows to hold, asked for when it is written.</param>
internal sealed class ClaimLost(int node, long job, string lane, Func<long[]> held) : JournalEntry
{
    /// <inheritdoc/>
    public override bool MustLast => true;

    /// <inheritdoc/>
    public override void Write(JournalSession session) => RecipientStore.ReleaseAllBut(session, node, job, lane, held());
}
