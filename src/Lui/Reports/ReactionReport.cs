// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Returns;
using Tutti.Lui.Tracking;
using Tutti.Lui.Tracking.Types;

namespace Tutti.Lui.Reports;

/// <summary>How often something was done, and by how many.</summary>
/// <param name="Times">All events.</param>
/// <param name="Recipients">Distinct recipients, of permission-based tracking those who permit it; null where events lead back to nobody.</param>
/// <param name="Readers">Distinct readers who are nobody; only of unique tracking.</param>
/// <param name="Profiles">Distinct profiles; only where there are some.</param>
internal sealed record ReactionCount(long Times, long? Recipients, long? Readers = null, long? Profiles = null)
{
    /// <summary>What the figures of a tracking type are.</summary>
    public static ReactionCount Of(JobTracking tracking, long times, long recipients, long traces) => new(
        times,
        TrackingRules.NamesRecipients(tracking) ? recipients : null,
        tracking == JobTracking.Unique ? traces : null,
        tracking is JobTracking.Anonymous or JobTracking.Permission ? traces : null);
}

/// <summary>What the recipients who share a profile did.</summary>
/// <param name="Fields">The chosen columns with their values.</param>
/// <param name="Recipients">How many share it.</param>
/// <param name="Opens">How often they opened.</param>
/// <param name="Clicks">How often they followed a link.</param>
internal sealed record ProfileReport(IReadOnlyDictionary<string, string> Fields, long Recipients, long Opens, long Clicks);

/// <summary>What was done with one link.</summary>
/// <param name="Number">Its number in the message.</param>
/// <param name="Target">Where it leads.</param>
/// <param name="Label">Its words.</param>
/// <param name="Part">html or text.</param>
/// <param name="Clicks">How often it was followed, and by how many.</param>
/// <param name="Alias">The short name that people gave it; empty for none.</param>
internal sealed record LinkReport(long Number, string Target, string Label, string Part, ReactionCount Clicks, string Alias = "");

/// <summary>Events in one stretch of time.</summary>
/// <param name="At">Its start.</param>
/// <param name="Opens">Opens in it.</param>
/// <param name="Clicks">Clicks in it.</param>
internal sealed record TimeBucket(DateTimeOffset At, long Opens, long Clicks);

/// <summary>Up to when a tracker's events are here.</summary>
/// <param name="Tracker">Which tracker.</param>
/// <param name="CompleteTo">Every event before this moment is counted; null if it was never fetched from.</param>
/// <param name="Waiting">Events that it holds and that are not fetched yet.</param>
/// <param name="Lost">Events that it could not put on its disk, or that its disk has lost.</param>
/// <param name="ClockOffsetMs">Its clock minus ours.</param>
/// <param name="Outages">When it was not there since the job started: what readers did then is missing.</param>
internal sealed record TrackerReport(string Tracker, DateTimeOffset? CompleteTo, long Waiting, long Lost, long ClockOffsetMs, IReadOnlyList<TrackerOutage> Outages);

/// <summary>What became of a job.</summary>
/// <param name="Receipt">The sum.</param>
/// <param name="CameBack">What came back; changes no term of the receipt.</param>
/// <param name="Opens">Open images fetched.</param>
/// <param name="Clicks">Links followed.</param>
/// <param name="Unsubscribes">Recipients who asked for no more mail.</param>
/// <param name="Links">Every tracked link of the message.</param>
/// <param name="BucketLength">Length of the stretches of time.</param>
/// <param name="OverTime">Events over time, from the start of the delivery, without gaps.</param>
/// <param name="Trackers">Up to when the figures are complete.</param>
internal sealed record JobReport(
    Receipt Receipt,
    ReturnCounts CameBack,
    ReactionCount Opens,
    ReactionCount Clicks,
    ReactionCount Unsubscribes,
    IReadOnlyList<LinkReport> Links,
    TimeSpan BucketLength,
    IReadOnlyList<TimeBucket> OverTime,
    IReadOnlyList<TrackerReport> Trackers)
{
    /// <summary>The profiles of anonymous tracking, those with most clicks first; empty otherwise.</summary>
    public IReadOnlyList<ProfileReport> Profiles { get; init; } = [];
}
