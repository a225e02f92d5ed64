// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Tutti.Trk.Spool;
using Tutti.Wiring.Outcomes;

namespace Tutti.Trk.Replacements;

/// <summary>
/// Another tracker takes this one's place while readers go on clicking: both collect until nobody comes here any more, then
/// this one takes no more events. Each step is on the disk before it counts, so that a restart changes nothing.
/// </summary>
internal sealed partial class ReplaceTracker(ReplacementStore store, SpoolState state, EventSpool spool, TimeProvider clock, ILogger<ReplaceTracker> logger)
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(10);

    /// <summary>It is leaving.</summary>
    public async Task<Outcome<bool>> Leave(string successor, CancellationToken cancellationToken)
    {
        if (state.Replacement is { } known)
        {
            return known.Successor == successor ? true : ReplacementRefusals.Another(known.Successor);
        }

        await Keep(new Replacement(successor, clock.GetUtcNow(), RetiredAt: null), cancellationToken);
        LogLeaving(successor);
        return true;
    }

    /// <summary>It keeps its place after all.</summary>
    public async Task<Outcome<bool>> Stay(CancellationToken cancellationToken)
    {
        if (state.Replacement is { RetiredAt: not null } retired)
        {
            return ReplacementRefusals.Retired(retired.Successor);
        }

        await Keep(null, cancellationToken);
        return true;
    }

    /// <summary>It takes no more events; returns when all that were answered are in the feed.</summary>
    public async Task<Outcome<bool>> Retire(CancellationToken cancellationToken)
    {
        if (state.Replacement is not { } replacement)
        {
            return ReplacementRefusals.NotLeaving();
        }

        if (replacement.RetiredAt is null)
        {
            await Keep(replacement with { RetiredAt = clock.GetUtcNow() }, cancellationToken);
            LogRetired(replacement.Successor);
        }

        spool.Retire();
        while (!spool.IsIdle)
        {
            await Task.Delay(_look, clock, cancellationToken);
        }

        return true;
    }

    private async Task Keep(Replacement? replacement, CancellationToken cancellationToken)
    {
        await store.Keep(replacement, cancellationToken);
        state.Replacement = replacement;
    }

    [LoggerMessage(3401, LogLevel.Information, "The tracker at {Successor} takes the place of this one; both collect", EventName = "trk.replacement.leaving")]
    private partial void LogLeaving(string successor);

    [LoggerMessage(3402, LogLevel.Warning, "Retired: the tracker at {Successor} has taken the place of this one, which takes no more events", EventName = "trk.replacement.retired")]
    private partial void LogRetired(string successor);
}

/// <summary>Every "no" about taking a tracker's place.</summary>
internal static class ReplacementRefusals
{
    public static Refusal Another(string successor) =>
        new(RefusalKind.Conflict, "tracker.replaced-by-another", $"The tracker at {successor} takes its place already. End that first.");

    public static Refusal Retired(string successor) =>
        new(RefusalKind.Conflict, "tracker.retired", $"It is retired: the tracker at {successor} has taken its place, and this one has taken no events since.");

    public static Refusal NotLeaving() =>
        new(RefusalKind.Conflict, "tracker.not-leaving", "No other tracker takes its place.");
}
