// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Feed;
using Tutti.Dst.Journal;
using Tutti.Dst.Lanes.Pacing;
using Tutti.Dst.Lanes.Policies;
using Tutti.Dst.Queue;
using Tutti.Dst.Returns;
using Tutti.Dst.Returns.Mailboxes;
using Tutti.Dst.Returns.Rules;
using Tutti.Dst.Smtp.Encryption;
using Tutti.Dst.SourceAddresses;
using Tutti.Wiring.Hosting;

namespace Tutti.Dst.Lanes.Live;

/// <summary>How the distributor is: what waits, what is on the wire, what is in doubt, and what LUI has not fetched.</summary>
internal sealed class DistributorStatus(
    JournalWorker journal, StoreGroup group, TallyStore tallies, FeedStore feed, LaneTroubles troubles, Paces paces, LaneBoard board, CurrentPolicies policies, CurrentSources sources,
    FetchedReturns? fetched = null, SessionFigures? sessions = null, ReturnFigures? returns = null) : IStatusSource
{
    private const int MostNamed = 5;

    /// <inheritdoc/>
    public async ValueTask<ComponentReport> Report(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        if (journal.Trouble is { } trouble)
        {
            problems.Add($"The journal cannot be written, nothing is sent: {trouble}");
        }

        if (fetched?.Trouble is { } unread)
        {
            problems.Add(unread);
        }

        if (troubles.Count > 0)
        {
            problems.Add($"{troubles.Count} {(troubles.Count == 1 ? "destination" : "destinations")} cannot be reached at the moment.");
        }

        Name(problems, paces.Paused.Where(lane => lane.Pace is { Held: null, Rests: false }), "because the receiver puts mail off or cannot be reached");
        Name(problems, paces.Paused.Where(lane => lane.Pace is { Held: null, Rests: true }), "until tomorrow because the source addresses are warming up");
        Name(problems, paces.Paused.Where(lane => lane.Pace.Held is not null), "because people paused it", "because people paused them");
        problems.AddRange(sources.Complaints.Select(complaint => $"What {CurrentSources.FileName} said before goes on counting: {complaint}"));
        problems.AddRange(policies.Complaints.Select(complaint => $"What {CurrentPolicies.FileName} said before goes on counting: {complaint}"));
        try
        {
            var tally = await tallies.OfAll(cancellationToken);
            var lanes = board.Counts;
            var marks = await feed.Marks(cancellationToken);
            return new ComponentReport(
                journal.Trouble is null,
                problems,
                [
                    new("Messages waiting", tally.Waiting, IsUnfinished: true),
                    new("Messages deferred", tally.Deferred),
                    new("Messages on the wire", tally.Offered),
                    new("Messages in doubt", tally.InDoubt),
                    .. group.Number == 0 ? Array.Empty<Figure>() : [new("Distributors that share this queue", group.Size)],
                    new("Lanes at work", lanes.AtWork),
                    new("Lanes that pause", lanes.Paused),
                    new("Events not fetched yet", marks.Newest - marks.Confirmed, IsUnfinished: true),
                    .. SinceTheStart(),
                ],
                StoreId: journal.FeedId,
                SharesStore: group.Number != 0);
        }
        catch (System.Data.Common.DbException failure)
        {
            return new ComponentReport(false, [.. problems, $"The queue cannot be read: {failure.Message}"], []);
        }
    }

    private IEnumerable<Figure> SinceTheStart()
    {
        if (sessions is not null)
        {
            yield return new("Connections encrypted since the start", sessions.Encrypted);
            yield return new("Connections in the clear since the start", sessions.Plain);
            yield return new("Hosts not used for an encryption policy since the start", sessions.Unmet);
        }

        if (returns is not null)
        {
            yield return new("Hard bounces since the start", returns.Of(BounceClass.Hard));
            yield return new("Soft bounces since the start", returns.Of(BounceClass.Soft));
            yield return new("Policy bounces since the start", returns.Of(BounceClass.Policy));
            yield return new("Complaints since the start", returns.Complaints);
        }
    }

    private static void Name(List<string> problems, IEnumerable<(string Lane, Pace Pace)> lanes, string why, string? whyMany = null)
    {
        var paused = lanes.Select(pair => pair.Lane).Order(StringComparer.Ordinal).ToList();
        if (paused.Count > 0)
        {
            var named = string.Join(", ", paused.Take(MostNamed)) + (paused.Count > MostNamed ? ", …" : "");
            problems.Add($"{paused.Count} {(paused.Count == 1 ? "lane pauses" : "lanes pause")} {(paused.Count == 1 ? why : whyMany ?? why)}: {named}.");
        }
    }
}
