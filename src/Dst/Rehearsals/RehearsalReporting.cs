// SPDX-License-Identifier: Apache-2.0
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Lanes;
using Tutti.Dst.Lanes.Policies;
using Tutti.Dst.Queue;

namespace Tutti.Dst.Rehearsals;

/// <summary>How fast the lanes of the delivery itself may go.</summary>
/// <param name="Policies">With their rates.</param>
/// <param name="Settings">What counts for all lanes.</param>
internal sealed record LaneLimits(LanePolicies Policies, LaneSettings Settings);

/// <summary>Makes the report of a rehearsal.</summary>
internal sealed class RehearsalReporting(
    RehearsalFile file, TallyStore tallies, RehearsalRoutes routes, PlayedReceivers receivers, Measures measures, LaneLimits limits)
{
    // A delivery may have a hundred thousand operators; the answer has to stay small.
    private const int MostLanes = 500;
    private const int Named = 3;
    private const string NotSent = "not-sent";

    /// <summary>The report now, or the last one.</summary>
    /// <param name="job">Number of the rehearsal.</param>
    /// <param name="startedAt">When it began, in its own time.</param>
    /// <param name="now">Its own time.</param>
    /// <param name="skipped">Milliseconds that were leapt over.</param>
    /// <param name="isDone">Whether everybody has a fate.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RehearsalReport> Make(long job, long startedAt, long now, long skipped, bool isDone, CancellationToken cancellationToken)
    {
        var report = new RehearsalReport
        {
            IsDone = isDone,
            SkippedMs = skipped,
            Progress = ProgressOf(await tallies.Of(job, cancellationToken)),
            Sizes = SizesOf(measures.Counts),
        };
        report.Oddities.AddRange(await Oddities(cancellationToken));
        var lanes = await Lanes(startedAt, isDone, cancellationToken);
        report.Lanes.AddRange(lanes.Take(MostLanes));
        if (lanes.Count > MostLanes)
        {
            report.Lanes.Add(Together(lanes.Skip(MostLanes)));
        }

        report.DurationMs = isDone ? Longest(lanes) : now - startedAt;
        return report;
    }

    private static RehearsedLane Together(IEnumerable<RehearsedLane> lanes) => lanes.Aggregate(new RehearsedLane(), (all, lane) =>
    {
        all.Domains += lane.Domains;
        all.Recipients += lane.Recipients;
        all.Accepted += lane.Accepted;
        all.Refused += lane.Refused;
        all.Expired += lane.Expired;
        all.Suppressed += lane.Suppressed;
        all.InDoubt += lane.InDoubt;
        all.Waiting += lane.Waiting;
        all.Deferred += lane.Deferred;
        all.Attempts += lane.Attempts;
        all.DurationMs = Math.Max(all.DurationMs, lane.DurationMs);
        return all;
    });

    private long Longest(IReadOnlyList<RehearsedLane> lanes)
    {
        var attempts = lanes.Sum(lane => (long)lane.Attempts);
        var atRate = limits.Settings.Rate > 0 ? (long)(attempts / limits.Settings.Rate * 1000) : 0;
        return Math.Max(atRate, lanes.Select(lane => lane.DurationMs).DefaultIfEmpty().Max());
    }

    private async Task<List<RehearsedLane>> Lanes(long startedAt, bool isDone, CancellationToken cancellationToken)
    {
        // Attempts are counted over all recipients: only once, at the end.
        var attempts = isDone ? await file.Attempts(cancellationToken) : new Dictionary<string, DomainAttempts>();
        var refusals = isDone ? await file.Refusals(cancellationToken) : new Dictionary<string, string>();
        return
        [
            .. (await file.Domains(cancellationToken))
            .GroupBy(domain => routes.LaneNameOf(domain.Domain), StringComparer.Ordinal)
            .Select(lane => LaneOf(lane.Key, [.. lane.OrderByDescending(domain => domain.All)], attempts, refusals, startedAt))
            .OrderByDescending(lane => lane.Recipients),
        ];
    }

    private RehearsedLane LaneOf(
        string name, List<DomainCounts> domains, IReadOnlyDictionary<string, DomainAttempts> attempts, IReadOnlyDictionary<string, string> refusals, long startedAt)
    {
        List<DomainAttempts> tried = [.. domains.Select(domain => attempts.GetValueOrDefault(domain.Domain)).OfType<DomainAttempts>()];
        var policy = routes.PolicyOf(limits.Policies, name, limits.Settings);
        var lane = new RehearsedLane
        {
            Name = name,
            Domains = (ulong)domains.Count,
            Recipients = (ulong)domains.Sum(domain => domain.All),
            Accepted = (ulong)domains.Sum(domain => domain.Accepted),
            Refused = (ulong)domains.Sum(domain => domain.Refused),
            Expired = (ulong)domains.Sum(domain => domain.Expired),
            Suppressed = (ulong)domains.Sum(domain => domain.Suppressed),
            InDoubt = (ulong)domains.Sum(domain => domain.InDoubt),
            Waiting = (ulong)domains.Sum(domain => domain.Waiting),
            Deferred = (ulong)(tried.Count > 0 ? tried.Sum(domain => domain.Deferred) : domains.Sum(domain => domain.Deferred)),
            Attempts = (ulong)tried.Sum(domain => domain.Attempts),
            Rate = policy.PerSecond,
            Refusal = domains.Select(domain => refusals.GetValueOrDefault(domain.Domain)).FirstOrDefault(reply => reply is not null) ?? "",
            Deferral = domains.Select(domain => domain.Deferral).FirstOrDefault(reply => reply.Length > 0) ?? "",
        };
        lane.Busiest.AddRange(domains.Take(Named).Select(domain => domain.Domain));
        lane.DurationMs = tried.Count == 0 ? 0 : DurationOf(lane, tried.Max(domain => domain.LastAt) - startedAt, policy);
        return lane;
    }

    /// <summary>
    /// What the engine took and what was leapt over; and the time in which the receiver would have thought about each message, which its
    /// connections share; and never less than the rate of the lane allows.
    /// </summary>
    private long DurationOf(RehearsedLane lane, long span, LanePolicy policy)
    {
        var played = receivers.All[routes.EntryOf(lane.Name)];
        var connections = Math.Max(1, Math.Min(Math.Min(policy.Connections, played.Connections > 0 ? played.Connections : policy.Connections), (long)lane.Recipients));
        var answering = lane.Accepted * played.Answer.TotalMilliseconds / connections;
        return Math.Max(span + (long)answering, policy.PerSecond > 0 ? (long)(lane.Attempts / policy.PerSecond * 1000) : 0);
    }

    private async Task<IEnumerable<Oddity>> Oddities(CancellationToken cancellationToken)
    {
        var kept = (await file.Odd(cancellationToken)).ToLookup(odd => odd.Kind, StringComparer.Ordinal);
        var oddities = measures.Counts.Odd.Select(odd => new Oddity
        {
            Kind = odd.Key,
            Count = (ulong)odd.Value,
            Examples = { kept[odd.Key].Take(Measures.MostExamples).Select(one => new OddExample { Number = (uint)one.Number, Address = one.Address }) },
        });
        var (count, examples) = await file.RefusedHere(cancellationToken);
        return count == 0
            ? oddities
            : oddities.Prepend(new Oddity { Kind = NotSent, Count = (ulong)count, Examples = { examples.Select(one => new OddExample { Address = one.Address, Detail = one.Reply }) } });
    }

    private static Progress ProgressOf(Tally tally) => new()
    {
        Waiting = (ulong)tally.Waiting,
        Deferred = (ulong)tally.Deferred,
        OnTheWire = (ulong)tally.Offered,
        Accepted = (ulong)tally.Accepted,
        Refused = (ulong)tally.Refused,
        Expired = (ulong)tally.Expired,
        Suppressed = (ulong)tally.Suppressed,
        Withdrawn = (ulong)tally.Withdrawn,
        InDoubt = (ulong)tally.InDoubt,
    };

    private static MessageSizes SizesOf(MeasureCounts counts) => new()
    {
        Measured = (ulong)counts.Messages,
        TotalBytes = (ulong)counts.Total,
        Smallest = (uint)counts.Smallest,
        Median = (uint)counts.Median,
        Largest = (uint)counts.Largest,
        Clipped = (ulong)counts.Odd.GetValueOrDefault("clipped"),
        LargestHtml = (uint)counts.LargestHtml,
    };
}
