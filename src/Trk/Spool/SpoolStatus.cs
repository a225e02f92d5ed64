// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Hosting;

namespace Tutti.Trk.Spool;

/// <summary>Tells how the spool is.</summary>
internal sealed class SpoolStatus(SpoolState state) : IStatusSource
{
    /// <inheritdoc/>
    public ValueTask<ComponentReport> Report(CancellationToken cancellationToken)
    {
        var trouble = state.Trouble;
        return ValueTask.FromResult(new ComponentReport(
            Ready: trouble is null,
            trouble is null ? [] : [trouble],
            [new Figure("Events not fetched yet", state.Newest - state.Confirmed, IsUnfinished: true), new Figure("Events stored", state.Newest), new Figure("Events lost", state.Lost)],
            StoreId: state.FeedId));
    }
}
