// SPDX-License-Identifier: Apache-2.0
using Tutti.Contracts.Dst.V1;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Rehearsals;

/// <summary>A rehearsal over REST.</summary>
/// <param name="State">running, stopping, done, stopped or failed.</param>
/// <param name="Manner">providers or accept.</param>
/// <param name="IsOutdated">Recipients, content, tracking or sender were edited since.</param>
/// <param name="Reason">Why it does not go on, or has failed.</param>
/// <param name="BegunAt">When it was begun.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Planned">Valid, distinct recipients.</param>
/// <param name="HandedOver">How many of them the distributor has, or were left out.</param>
/// <param name="Suppressed">On the suppression list.</param>
/// <param name="NotComputed">Without a message, because it could not be computed.</param>
/// <param name="ForecastSeconds">How long the delivery will take; while it runs: would have taken up to now.</param>
/// <param name="SkippedSeconds">Of that, what the rehearsal did not wait through.</param>
/// <param name="Fates">What was played, by fate.</param>
/// <param name="Sizes">Of the messages.</param>
/// <param name="Lanes">By receiving operator.</param>
/// <param name="Oddities">What is odd about messages.</param>
/// <param name="MissingValues">Merge fields without a value.</param>
internal sealed record RehearsalDocument(
    string State, string Manner, bool IsOutdated, string? Reason, DateTimeOffset BegunAt, DateTimeOffset? EndedAt, long Planned, long HandedOver, long Suppressed, long NotComputed,
    double ForecastSeconds, double SkippedSeconds, RehearsalDocument.FateCounts Fates, RehearsalDocument.MessageSizes Sizes, IReadOnlyList<RehearsalDocument.Lane> Lanes,
    IReadOnlyList<RehearsalDocument.Oddity> Oddities, IReadOnlyList<RehearsalDocument.MissingField> MissingValues)
{
    /// <summary>How many recipients met which fate.</summary>
    internal sealed record FateCounts(long Accepted, long Refused, long Expired, long Suppressed, long InDoubt, long Waiting);

    /// <summary>Bytes; <paramref name="Above102Kb"/> counts messages whose HTML webmail would clip.</summary>
    internal sealed record MessageSizes(long Measured, long Smallest, long Median, long Largest, long TotalBytes, long Above102Kb, long LargestHtml);

    /// <summary>What would go to one receiving operator.</summary>
    internal sealed record Lane(
        string Name, long Domains, IReadOnlyList<string> Busiest, long Recipients, long Accepted, long Refused, long Expired, long InDoubt, long Waiting, long Deferred, long Attempts,
        double Seconds, double Rate, string Refusal, string Deferral);

    /// <summary>What is odd, for how many, and a few of them; a message of number 0 cannot be looked at.</summary>
    internal sealed record Oddity(string Kind, long Count, IReadOnlyList<OddMessage> Examples);

    /// <summary>A message that was kept.</summary>
    internal sealed record OddMessage(long Number, string Address, string Detail);

    /// <summary>A merge field that was empty.</summary>
    internal sealed record MissingField(string Field, long Recipients, IReadOnlyList<string> Examples);

    /// <summary>The document of a rehearsal.</summary>
    public static RehearsalDocument Of(Rehearsal rehearsal, Job job)
    {
        var report = rehearsal.Report ?? new RehearsalReport();
        var progress = report.Progress ?? new Progress();
        var sizes = report.Sizes ?? new Contracts.Dst.V1.MessageSizes();
        return new RehearsalDocument(
            Words.Of(rehearsal.State),
            rehearsal.Manner,
            rehearsal.IsOutdated(job),
            rehearsal.Reason,
            rehearsal.BegunAt,
            rehearsal.EndedAt,
            rehearsal.Planned,
            rehearsal.ClaimedTo,
            rehearsal.Seen.Suppressed,
            rehearsal.Seen.NotComputed,
            report.DurationMs / 1000.0,
            report.SkippedMs / 1000.0,
            new FateCounts(
                (long)progress.Accepted, (long)progress.Refused, (long)progress.Expired, (long)progress.Suppressed, (long)progress.InDoubt,
                (long)(progress.Waiting + progress.Deferred + progress.OnTheWire)),
            new MessageSizes((long)sizes.Measured, sizes.Smallest, sizes.Median, sizes.Largest, (long)sizes.TotalBytes, (long)sizes.Clipped, sizes.LargestHtml),
            [.. report.Lanes.Select(LaneOf)],
            [.. report.Oddities.Select(oddity => new Oddity(oddity.Kind, (long)oddity.Count, [.. oddity.Examples.Select(one => new OddMessage(one.Number, one.Address, one.Detail))]))],
            [.. rehearsal.Seen.Missing.OrderByDescending(field => field.Value.Recipients).Select(field => new MissingField(field.Key, field.Value.Recipients, field.Value.Examples))]);
    }

    private static Lane LaneOf(RehearsedLane lane) => new(
        lane.Name, (long)lane.Domains, [.. lane.Busiest], (long)lane.Recipients, (long)lane.Accepted, (long)lane.Refused, (long)lane.Expired, (long)lane.InDoubt, (long)lane.Waiting,
        (long)lane.Deferred, (long)lane.Attempts, lane.DurationMs / 1000.0, lane.Rate, lane.Refusal, lane.Deferral);
}
