// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Schedules;

namespace Tutti.Lui.Delivery;

/// <summary>A job, or one of its tests, on its way: everything that is fixed before the first recipient is handed over, and how far it is.</summary>
internal sealed record Delivery
{
    /// <summary>Its number on the wire: the job's own, or a test's from the same sequence.</summary>
    public required long Id { get; init; }

    /// <summary>The job it belongs to.</summary>
    public required long JobId { get; init; }

    /// <summary>What it is.</summary>
    public required DeliveryKind Kind { get; init; }

    /// <summary>How far it is.</summary>
    public DeliveryState State { get; init; }

    /// <summary>The snapshot of recipients; of a test: the set that its samples come from.</summary>
    public required long RecipientsId { get; init; }

    /// <summary>How much leads back to recipients.</summary>
    public required JobTracking Tracking { get; init; }

    /// <summary>Public address of the tracker that the links lead to, without a slash at the end.</summary>
    public required string TrackingUrl { get; init; }

    /// <summary>Valid, distinct recipients of the snapshot.</summary>
    public required long Planned { get; init; }

    /// <summary>The last recipient of the snapshot.</summary>
    public required long LastId { get; init; }

    /// <summary>Every recipient up to this one is in a batch, or has a fate of LUI's own.</summary>
    public long ClaimedTo { get; init; }

    /// <summary>How the recipients are spread over time; null: all are released at once.</summary>
    public JobPace? Pace { get; init; }

    /// <summary>When each is due by a clock of his or her own; null: by one clock for all. Ids of the cursor and of batches are then places in the delivery's own order.</summary>
    public ZonePlan? Zones { get; init; }

    /// <summary>Recipients up to this one may be claimed.</summary>
    public long ReleasedTo { get; init; }

    /// <summary>How many parts were released.</summary>
    public long Releases { get; init; }

    /// <summary>When the next part is released; null: none is left.</summary>
    public DateTimeOffset? NextReleaseAt { get; init; }

    /// <summary>Number of the last batch.</summary>
    public long Batches { get; init; }

    /// <summary>What shall happen to those who wait.</summary>
    public Course Course { get; init; } = Course.Run;

    /// <summary>Number of the last command; grows with every change of the course.</summary>
    public long CourseNumber { get; init; }

    /// <summary>Whether recipients still come one by one.</summary>
    public Demand Demand { get; init; }

    /// <summary>Whether its messages go into the distributors' capture mailboxes, and to nobody.</summary>
    public bool Simulated { get; init; }

    /// <summary>When it was due.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>When it started here.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the last batch was confirmed.</summary>
    public DateTimeOffset? HandedOverAt { get; init; }

    /// <summary>When nobody was waiting any more.</summary>
    public DateTimeOffset? ClosedAt { get; init; }
}

/// <summary>What a delivery is for.</summary>
internal enum DeliveryKind
{
    /// <summary>The job itself.</summary>
    Job,

    /// <summary>A test of it; counts in no report.</summary>
    Test,
}

/// <summary>Whether recipients come while it is delivered. The numbers are those of the database.</summary>
internal enum Demand
{
    /// <summary>Everybody is in the snapshot.</summary>
    None = 0,

    /// <summary>Recipients may still come.</summary>
    Open = 1,

    /// <summary>No more will come.</summary>
    Ended = 2,
}

/// <summary>How far a delivery is.</summary>
internal enum DeliveryState
{
    /// <summary>Recipients are waiting.</summary>
    Open,

    /// <summary>Everybody has a fate.</summary>
    Closed,
}

/// <summary>What shall happen to the recipients that wait.</summary>
internal enum Course
{
    /// <summary>Deliver them.</summary>
    Run,

    /// <summary>Keep them.</summary>
    Hold,

    /// <summary>Never deliver them.</summary>
    Withdraw,
}
