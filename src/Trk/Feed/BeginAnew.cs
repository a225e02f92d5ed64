// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Tutti.Trk.Spool;

namespace Tutti.Trk.Feed;

/// <summary>
/// Gives the store a new feed after it was replaced by an older copy of itself. The reader shows that: it asks for events
/// behind a number that this store never gave. What the copy brought along it has read under the old feed; what came
/// since this start is kept and numbered from 1.
/// </summary>
internal sealed partial class BeginAnew(SpoolStore store, SpoolState state, ILogger<BeginAnew> logger)
{
    public async Task Handle(string feed, long asked, CancellationToken cancellationToken)
    {
        var fresh = await store.BeginAnew(feed, state.AtStart, cancellationToken);
        state.BeginAnew(fresh);
        state.Stored((await store.BeginAnew(feed, state.AtStart, cancellationToken)).Newest);
        LogBegun(asked, fresh.Id, fresh.Newest);
    }

    [LoggerMessage(3202, LogLevel.Warning, "The reader has event {Asked}, which this store never gave: it is an older copy. It begins feed {Feed} with the {Kept} events since its start", EventName = "trk.feed.anew")]
    private partial void LogBegun(long asked, string feed, long kept);
}
