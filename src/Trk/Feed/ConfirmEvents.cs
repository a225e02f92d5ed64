// SPDX-License-Identifier: Apache-2.0
using Tutti.Trk.Spool;
using Tutti.Wiring.Outcomes;

namespace Tutti.Trk.Feed;

/// <summary>Keeps up to where the reader has committed events.</summary>
internal sealed class ConfirmEvents(SpoolStore store, SpoolState state, TimeProvider clock)
{
    /// <summary>Confirms all events up to a number. Done again, or with a smaller number, it changes nothing.</summary>
    public async Task<Outcome<long>> Handle(string feedId, ulong upTo, CancellationToken cancellationToken)
    {
        if (feedId != state.FeedId)
        {
            return FeedRefusals.AnotherFeed(feedId, state.FeedId);
        }

        if (upTo > (ulong)state.Newest)
        {
            return FeedRefusals.NeverGiven(upTo, state.Newest);
        }

        await store.Confirm((long)upTo, clock.GetUtcNow(), cancellationToken);
        state.Confirm((long)upTo);
        return state.Confirmed;
    }
}

/// <summary>Every "no" of the feed.</summary>
internal static class FeedRefusals
{
    public static Refusal AnotherFeed(string asked, string mine) =>
        new(RefusalKind.Conflict, "feed.another", $"This tracker's feed is {mine}, not {asked}. Fetch from the start of this feed.");

    public static Refusal NeverGiven(ulong number, long newest) =>
        new(RefusalKind.Conflict, "feed.never-given", $"Event {number} was never given out by this feed; its newest is {newest}. Was the tracker's folder replaced by an older copy?");

    public static Refusal Ahead() =>
        new(RefusalKind.Conflict, "feed.ahead", "The tracker's store was replaced by an older copy. Commit what came before, then fetch again.");
}
