// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Components;
using Tutti.Lui.Feeds;
using Tutti.Wiring.Hosting;

namespace Tutti.Lui.Delivery;

/// <summary>What LUI says of itself and of the components it works with: who does not answer, what is on its way.</summary>
internal sealed class DeliveryStatus(DeliveryStore deliveries, ComponentStore components, FeedStore feeds, LinkKeyStore keys, HubCaller hub) : IStatusSource
{
    /// <inheritdoc/>
    public async ValueTask<ComponentReport> Report(CancellationToken ct)
    {
        List<string> problems = [];
        if (await keys.Current(ct) is null)
        {
            problems.Add("HUB has not given the link keys yet: no job can leave.");
        }

        long behind = 0;
        var trackers = await components.List(Component.Trackers, ct);
        var distributors = await components.List(Component.Distributors, ct);
        List<Component> peers = [.. trackers, .. distributors];
        foreach (var peer in peers)
        {
            if (peer.Problem is { } problem)
            {
                problems.Add($"{peer.Title} {problem}.");
            }

            if (peer.Feed is { } feed && await feeds.Find(feed, ct) is { } read)
            {
                behind += Math.Max(0, read.Newest - read.Mark);
            }
        }

        // A peer that is away keeps nobody from working here; it is a problem, not a reason to take this node out.
        var open = await deliveries.Open(ct);
        return new ComponentReport(
            Ready: true,
            problems,
            [new Figure("Deliveries on their way", open.Count), new Figure("Events not fetched yet", behind), new Figure("Trackers known", trackers.Count), new Figure("Distributors known", distributors.Count)],
            hub.PublicUrl);
    }
}
