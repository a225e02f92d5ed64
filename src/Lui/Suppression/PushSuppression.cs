// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Components;
using Tutti.Wiring.Transport;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Suppression;

/// <summary>Brings the numbered changes of the suppression list to a distributor, which keeps a copy for the moment of sending.</summary>
internal sealed class PushSuppression(SuppressionStore store, Peers peers, TimeProvider clock)
{
    private const int MostChanges = 2000;

    /// <summary>Everything that the distributor has not confirmed yet. Answers how many changes it was.</summary>
    public async Task<int> Handle(Component distributor, CancellationToken cancellationToken)
    {
        var mark = await store.MarkOf(distributor.Id, cancellationToken);
        if (distributor.Feed == mark.Feed && mark.UpTo >= await store.LastNumber(cancellationToken))
        {
            return 0;
        }

        var client = new Wire.Suppression.SuppressionClient(peers.Dial(distributor.Host, distributor.InternalPort));

        // Its copy may have been restored or replaced: it alone knows up to where it is complete.
        var state = await Ask(token => client.GetStateAsync(new Wire.SuppressionStateRequest(), cancellationToken: token), cancellationToken);
        await store.SaveMark(distributor.Id, state.FeedId, (long)state.UpTo, cancellationToken);

        var pushed = 0;
        while (await store.ChangesAfter((long)state.UpTo, MostChanges, cancellationToken) is { Count: > 0 } changes)
        {
            var message = new Wire.SuppressionChanges();
            message.Changes.AddRange(changes.Select(change => new Wire.SuppressionChange
            {
                Number = (ulong)change.Number,
                Address = change.Address,
                Suppressed = change.Suppressed,
                Reason = change.Reason,
            }));
            var before = state.UpTo;
            state = await Ask(token => client.ApplyAsync(message, cancellationToken: token), cancellationToken);
            await store.SaveMark(distributor.Id, state.FeedId, (long)state.UpTo, cancellationToken);
            if (state.UpTo <= before)
            {
                break;
            }

            pushed += changes.Count;
        }

        return pushed;
    }

    private async Task<Wire.SuppressionState> Ask(Func<CancellationToken, Grpc.Core.AsyncUnaryCall<Wire.SuppressionState>> call, CancellationToken cancellationToken)
    {
        using var patience = new Patience(clock, cancellationToken);
        return await call(patience.Token);
    }
}
