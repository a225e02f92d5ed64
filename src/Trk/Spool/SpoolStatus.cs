// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Hosting;

namespace Tutti.Trk.Spool;

/// <summary>Tells how the spool is.</summary>
internal sealed class SpoolStatus(SpoolState state, TimeProvider clock) : IStatusSource
{
    /// <inheritdoc/>
    public ValueTask<ComponentReport> Report(CancellationToken cancellationToken)
    {
        var trouble = state.Trouble;
        var damaged = state.History.Damaged;
        string[] problems =
        [
            .. trouble is null ? [] : new[] { trouble },
            .. damaged == 0 ? [] : new[] { FormattableString.Invariant($"The disk has damaged {damaged} stored events, from number {state.History.Damage[0].First} on: they are lost. All others are handed over.") },
            .. state.Replacement is { } replacement ? new[] { replacement.InWords(state, clock.GetUtcNow()) } : [],
        ];
        return ValueTask.FromResult(new ComponentReport(
            Ready: trouble is null && state.Replacement?.RetiredAt is null,
            problems,
            [new Figure("Events not fetched yet", state.Newest - state.Confirmed, IsUnfinished: true), new Figure("Events stored", state.Newest), new Figure("Events lost", state.Lost + damaged)],
            StoreId: state.FeedId));
    }
}
