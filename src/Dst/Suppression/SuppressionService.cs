// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Dst.Journal;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Dst.Suppression;

/// <summary>Takes the changes of LUI's suppression list.</summary>
internal sealed class SuppressionService(SuppressionStore store, JournalWorker journal) : Wire.Suppression.SuppressionBase
{
    /// <inheritdoc/>
    public override async Task<Wire.SuppressionState> Apply(Wire.SuppressionChanges request, ServerCallContext context)
    {
        var changes = request.Changes
            .Select(change => new SuppressionChange((long)change.Number, change.Address, change.Suppressed ? change.Reason : null))
            .ToList();
        var upTo = await journal.Write(session => SuppressionStore.Apply(session, changes));
        store.HasChanged();
        return State(upTo);
    }

    /// <inheritdoc/>
    public override async Task<Wire.SuppressionState> GetState(Wire.SuppressionStateRequest request, ServerCallContext context) =>
        State(await journal.Write(SuppressionStore.UpTo));

    private Wire.SuppressionState State(long upTo) => new() { UpTo = (ulong)upTo, FeedId = journal.FeedId };
}
