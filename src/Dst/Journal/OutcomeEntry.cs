// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Journal;

/// <summary>What became of one attempt. It has happened already, so it is written until it is on disk.</summary>
/// <param name="place">Where the recipient stood.</param>
/// <param name="committed">Called on the journal's thread when it is on disk.</param>
internal abstract class OutcomeEntry(in Place place, Action<Place>? committed) : JournalEntry
{
    /// <summary>Where the recipient stood.</summary>
    protected Place Place { get; } = place;

    /// <inheritdoc/>
    public override bool MustLast => true;

    /// <inheritdoc/>
    public override void Complete() => committed?.Invoke(Place);
}

/// <summary>A fate.</summary>
internal sealed class Settled(in Place place, Standing fate, int attempts, string reply, string host, long at, Action<Place>? committed = null)
    : OutcomeEntry(place, committed)
{
    /// <inheritdoc/>
    public override void Write(JournalSession session) => Moves.Settle(session, Place, fate, attempts, reply, host, at);
}

/// <summary>Come back later.</summary>
internal sealed class Deferred(in Place place, string reply, long nextAt, long at, Action<Place>? committed = null) : OutcomeEntry(place, committed)
{
    /// <inheritdoc/>
    public override void Write(JournalSession session) => Moves.Defer(session, Place, reply, nextAt, at);
}

/// <summary>The terminator never left.</summary>
internal sealed class Retracted(in Place place, long nextAt, Action<Place>? committed = null) : OutcomeEntry(place, committed)
{
    /// <inheritdoc/>
    public override void Write(JournalSession session) => Moves.Retract(session, Place, nextAt);
}
