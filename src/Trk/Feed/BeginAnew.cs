// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Tutti.Trk.Spool;

namespace Tutti.Trk.Feed;

/// <summary>
/// Gives the store a new feed after it was replaced by an older copy of itself. The reader shows that: it knows a start, or
/// an event, which this store does not have. What the reader has of the copy it has read under the old feed; the rest, and
/// what came since, is kept and numbered from 1.
/// </summary>
internal sealed partial class BeginAnew(SpoolStore store, HistoryStore history, SpoolState state, ILogger<BeginAnew> logger)
{
    /// <param name="feed">The feed that ends.</param>
    /// <param name="asked">The reader's mark in it.</param>
    /// <param name="sharedTo">Up to which number both have the same events.</param>
    /// <param name="cancellationToken">Gives up before it began.</param>
    public async Task Handle(string feed, long asked, long sharedTo, CancellationToken cancellationToken)
    {
        var after = Math.Min(asked, sharedTo);
        var fresh = await store.BeginAnew(feed, after, sharedTo, cancellationToken);
        state.BeginAnew(fresh, history.Read());

        // Events that were stored in between.
        state.Stored((await store.BeginAnew(feed, after, sharedTo, cancellationToken)).Newest);
        LogBegun(sharedTo, fresh.Id, fresh.Newest);
    }

    [LoggerMessage(3202, LogLevel.Warning, "The reader knows more than this store has from event {Shared} on: it is an older copy. It begins feed {Feed} with the {Kept} events that the reader does not have", EventName = "trk.feed.anew")]
    private partial void LogBegun(long shared, string feed, long kept);
}
