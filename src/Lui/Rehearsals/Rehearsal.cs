// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.Contracts.Dst.V1;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Rehearsals;

/// <summary>How a dress rehearsal stands.</summary>
internal enum RehearsalState
{
    /// <summary>It is played.</summary>
    Running,

    /// <summary>People stopped it; its distributor has not confirmed that yet.</summary>
    Stopping,

    /// <summary>Everybody has a fate.</summary>
    Done,

    /// <summary>People stopped it.</summary>
    Stopped,

    /// <summary>It could not go on.</summary>
    Failed,

    /// <summary>Nobody wants it any more; it goes as soon as its distributor has forgotten it.</summary>
    Dropped,
}

/// <summary>A dress rehearsal of a job.</summary>
internal sealed record Rehearsal
{
    /// <summary>Its number at the distributor, from the sequence of jobs and tests.</summary>
    public required long Id { get; init; }

    /// <summary>The job.</summary>
    public required long JobId { get; init; }

    /// <summary>How it stands.</summary>
    public RehearsalState State { get; init; }

    /// <summary>How the receivers behave: providers or accept.</summary>
    public required string Manner { get; init; }

    /// <summary>The set of recipients.</summary>
    public required long RecipientsId { get; init; }

    /// <summary>Valid, distinct recipients of the set.</summary>
    public required long Planned { get; init; }

    /// <summary>Who plays it; null until somebody does.</summary>
    public long? ComponentId { get; init; }

    /// <summary>Every recipient up to this one is handed over, or was left out here.</summary>
    public long ClaimedTo { get; init; }

    /// <summary>Number of the last batch that was confirmed.</summary>
    public long Batches { get; init; }

    /// <summary>Whether the distributor knows that no more batches come.</summary>
    public bool IsSealed { get; init; }

    /// <summary>Whether the distributor has forgotten it.</summary>
    public bool IsForgotten { get; init; }

    /// <summary>What showed while recipients were handed over.</summary>
    public SeenHere Seen { get; init; } = new();

    /// <summary>What the distributor told last; null before that.</summary>
    public RehearsalReport? Report { get; init; }

    /// <summary>Why it does not go on, or has failed; null while all is well.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was begun: what was edited later is not in it.</summary>
    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>Who began it.</summary>
    public required string BegunBy { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether it is played.</summary>
    public bool IsUnderWay => State is RehearsalState.Running or RehearsalState.Stopping;

    /// <summary>Whether what leaves with the job is not any more what was played.</summary>
    public bool IsOutdated(Job job) => job.Edits.Any(edit =>
        edit.Key is JobStep.Recipients or JobStep.Content or JobStep.Tracking or JobStep.Sender && edit.Value.At >= BegunAt);
}

/// <summary>What LUI sees itself while it hands recipients over.</summary>
public sealed record SeenHere
{
    /// <summary>Examples that are named for each.</summary>
    public const int MostExamples = 3;

    /// <summary>Recipients on the suppression list; no distributor hears of them.</summary>
    public long Suppressed { get; init; }

    /// <summary>Recipients whose message could not be computed, with why.</summary>
    public long NotComputed { get; init; }

    /// <summary>Why the first of those could not.</summary>
    public string? NotComputedWhy { get; init; }

    /// <summary>Merge fields that the message names and that were empty for somebody.</summary>
    public IReadOnlyDictionary<string, MissingValue> Missing { get; init; } = new Dictionary<string, MissingValue>();

    /// <summary>As it is kept.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>As it was kept.</summary>
    public static SeenHere FromJson(string json) => JsonSerializer.Deserialize<SeenHere>(json)!;
}

/// <summary>A merge field without a value.</summary>
/// <param name="Recipients">For how many.</param>
/// <param name="Examples">Addresses of some of them.</param>
public sealed record MissingValue(long Recipients, IReadOnlyList<string> Examples);
