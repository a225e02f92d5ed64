// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Returns;
using Tutti.Lui.Tracking;

namespace Tutti.Lui.Reports;

/// <summary>How often something was done, and by how many.</summary>
/// <param name="Times">All events.</param>
/// <param name="Recipients">Distinct recipients; null where the tracking type does not tell them apart.</param>
internal sealed record ReactionCount(long Times, long? Recipients);

/// <summary>What was done with one link.</summary>
/// <param name="Number">Its number in the message.</param>
/// <param name="Target">Where it leads.</param>
/// <param name="Label">Its words.</param>
/// <param name="Part">html or text.</param>
/// <param name="Clicks">How often it was followed, and by how many.</param>
internal sealed record LinkReport(long Number, string Target, string Label, string Part, ReactionCount Clicks);

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
    IReadOnlyList<TrackerReport> Trackers);
