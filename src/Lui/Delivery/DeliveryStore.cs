// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Approval;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Schedules;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Delivery;

/// <summary>Deliveries: what is fixed at their start, and how far they are.</summary>
internal sealed class DeliveryStore(Database database)
{
    private const string Columns =
        """
        id, job_id AS JobId, kind, state, recipients_id AS RecipientsId, tracking, tracking_url AS TrackingUrl, planned, last_id AS LastId,
        claimed_to AS ClaimedTo, batches, course, course_number AS CourseNumber, due_at AS DueAt,
        started_at AS StartedAt, handed_over_at AS HandedOverAt, closed_at AS ClosedAt,
        on_demand AS Demand, pace, released_to AS ReleasedTo, releases, next_release_at AS NextReleaseAt, simulated
        """;

    /// <summary>Keeps a new delivery with the bytes that every later attempt uses again. False if it is there already.</summary>
    public static async Task<bool> Add(DbTransaction transaction, Delivery delivery, DeliveryParts parts, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO delivery (id, job_id, kind, state, recipients_id, message, publication, plan, tracking, tracking_url, planned, last_id,
                claimed_to, batches, course, course_number, due_at, started_at, parts_hash,
                pace, released_to, next_release_at, on_demand, simulated)
            VALUES (@Id, @JobId, @kind, @state, @RecipientsId, @Message, @Publication, @Plan, @tracking, @TrackingUrl, @Planned, @LastId,
                @ClaimedTo, 0, @course, 0, @dueAt, @startedAt, @hash, @Pace, @releasedTo, @nextReleaseAt, @demand, @simulated)
            ON CONFLICT (id) DO NOTHING
            """,
            new
            {
                delivery.Id,
                delivery.JobId,
                kind = Words.Of(delivery.Kind),
                state = Words.Of(delivery.State),
                delivery.RecipientsId,
                parts.Message,
                parts.Publication,
                parts.Plan,
                tracking = Words.Of(delivery.Tracking),
                delivery.TrackingUrl,
                delivery.Planned,
                delivery.LastId,
                delivery.ClaimedTo,
                demand = (long)delivery.Demand,
                simulated = delivery.Simulated ? 1L : 0L,
                course = Words.Of(delivery.Course),
                dueAt = delivery.DueAt.ToUnixTimeMilliseconds(),
                startedAt = delivery.StartedAt.ToUnixTimeMilliseconds(),
                hash = parts.Hash(),
                parts.Pace,
                releasedTo = parts.Pace is null ? (long?)null : delivery.ReleasedTo,
                nextReleaseAt = delivery.NextReleaseAt?.ToUnixTimeMilliseconds(),
            },
            transaction,
            cancellationToken: cancellationToken)) > 0;

    /// <summary>A delivery, or null.</summary>
    public async Task<Delivery?> Find(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM delivery WHERE id = @id", new { id }, cancellationToken: cancellationToken));
        return row?.ToDelivery();
    }

    /// <summary>Deliveries in which somebody waits.</summary>
    public async Task<IReadOnlyList<Delivery>> Open(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM delivery WHERE state = 'open' ORDER BY id", cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToDelivery())];
    }

    /// <summary>The tests of a job, the newest first.</summary>
    public async Task<IReadOnlyList<Delivery>> Tests(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM delivery WHERE job_id = @jobId AND kind = 'test' ORDER BY id DESC", new { jobId }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToDelivery())];
    }

    /// <summary>The fixed bytes of a delivery.</summary>
    public async Task<DeliveryParts> Parts(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.QuerySingleAsync<DeliveryParts>(new CommandDefinition(
            "SELECT message, publication, plan, pace, parts_hash AS Fixed FROM delivery WHERE id = @id", new { id }, cancellationToken: cancellationToken));
    }

    /// <summary>Changes the course, with a new command number. What is withdrawn stays withdrawn.</summary>
    public Task SetCourse(long id, Course course, CancellationToken cancellationToken) =>
        database.Write(transaction => SetCourse(transaction, id, course, cancellationToken), cancellationToken);

    /// <summary>The same within a transaction that does more.</summary>
    public static Task SetCourse(DbTransaction transaction, long id, Course course, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            UPDATE delivery SET course = @course, course_number = course_number + 1
            WHERE id = @id AND course <> @course AND course <> 'withdraw'
            """,
            new { id, course = Words.Of(course) },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Remembers that every batch is confirmed.</summary>
    public Task SaveHandedOver(long id, DateTimeOffset at, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE delivery SET handed_over_at = @at WHERE id = @id AND handed_over_at IS NULL",
            new { id, at = at.ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Remembers that nobody waits any more.</summary>
    public static Task Close(DbTransaction transaction, long id, DateTimeOffset at, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE delivery SET state = 'closed', closed_at = @at WHERE id = @id AND state = 'open'",
            new { id, at = at.ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Somebody waits again in a delivery in which nobody did. What was withdrawn in it stays so: it has a fate.</summary>
    public static Task Reopen(DbTransaction transaction, long id, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            UPDATE delivery SET state = 'open', closed_at = NULL, course_number = CASE WHEN course = 'run' THEN course_number ELSE course_number + 1 END, course = 'run'
            WHERE id = @id AND state = 'closed'
            """,
            new { id },
            transaction,
            cancellationToken: cancellationToken));

    private sealed record Row
    {
        public long Id { get; init; }

        public long JobId { get; init; }

        public string Kind { get; init; } = "";

        public string State { get; init; } = "";

        public long RecipientsId { get; init; }

        public string Tracking { get; init; } = "";

        public string TrackingUrl { get; init; } = "";

        public long Planned { get; init; }

        public long LastId { get; init; }

        public long ClaimedTo { get; init; }

        public long Demand { get; init; }

        public long Batches { get; init; }

        public string Course { get; init; } = "";

        public long CourseNumber { get; init; }

        public long DueAt { get; init; }

        public long StartedAt { get; init; }

        public long? HandedOverAt { get; init; }

        public long? ClosedAt { get; init; }

        public string? Pace { get; init; }

        public long? ReleasedTo { get; init; }

        public long Releases { get; init; }

        public long? NextReleaseAt { get; init; }

        public long Simulated { get; init; }

        public Delivery ToDelivery() => new()
        {
            Id = Id,
            JobId = JobId,
            Kind = Words.To<DeliveryKind>(Kind),
            State = Words.To<DeliveryState>(State),
            RecipientsId = RecipientsId,
            Tracking = Words.To<JobTracking>(Tracking),
            TrackingUrl = TrackingUrl,
            Planned = Planned,
            LastId = LastId,
            ClaimedTo = ClaimedTo,
            Demand = (Demand)Demand,
            Simulated = Simulated != 0,
            Batches = Batches,
            Course = Words.To<Course>(Course),
            CourseNumber = CourseNumber,
            DueAt = DateTimeOffset.FromUnixTimeMilliseconds(DueAt),
            StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(StartedAt),
            HandedOverAt = HandedOverAt is { } handedOver ? DateTimeOffset.FromUnixTimeMilliseconds(handedOver) : null,
            ClosedAt = ClosedAt is { } closed ? DateTimeOffset.FromUnixTimeMilliseconds(closed) : null,
            Zones = ZonePlan.Parse(Pace),
            Pace = ZonePlan.Parse(Pace) is null ? JobPace.Parse(Pace) : null,
            ReleasedTo = ReleasedTo ?? LastId,
            Releases = Releases,
            NextReleaseAt = NextReleaseAt is { } next ? DateTimeOffset.FromUnixTimeMilliseconds(next) : null,
        };
    }
}

/// <summary>The bytes of a delivery that are fixed at its start.</summary>
/// <param name="Message">The contract's Delivery: content, key, tracking type, envelope.</param>
/// <param name="Publication">The contract's Publication: what trackers get.</param>
/// <param name="Plan">What the values of each recipient are computed from.</param>
/// <param name="Pace">How the recipients are spread over time; null: they are not.</param>
/// <param name="Fixed">Their hash, as it was kept at the start; empty before they are kept, and for deliveries that an earlier version started.</param>
internal sealed record DeliveryParts(byte[] Message, byte[] Publication, string Plan, string? Pace = null, string Fixed = "")
{
    /// <summary>Whether they are what they were at the start.</summary>
    public bool AreWhole => Fixed.Length == 0 || Fixed == Hash();

    /// <summary>SHA-256 over all of them, in hexadecimal digits.</summary>
    public string Hash()
    {
        var form = new CanonicalForm()
            .Add("message", Convert.ToBase64String(Message)).Add("publication", Convert.ToBase64String(Publication)).Add("plan", Plan);
        return (Pace is null ? form : form.Add("pace", Pace)).Hash();
    }
}
