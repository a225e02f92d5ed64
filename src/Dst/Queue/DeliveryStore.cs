// SPDX-License-Identifier: Apache-2.0
using System.Data;
using System.Data.Common;
using Dapper;
using Tutti.Dst.Journal;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Queue;

/// <summary>Deliveries and the directions that people gave for them.</summary>
internal sealed class DeliveryStore(Database database)
{
    // What stands in "way": 0 by our own engine, 1 through LISTSERV, 2 through LISTSERV and one message for all.
    private const int Together = 2;

    private static readonly Statement _insert = new(
        """
        INSERT INTO delivery (job_id, opened_at, touched_at, due_at, envelope_sender, signing_domain, tracking_type, tracking_url, key_id, key_secret, content, way, capture, own_return)
        VALUES (@job, @opened_at, @opened_at, @due_at, @sender, @domain, @type, @url, @key_id, @key_secret, @content, @way, @capture, @own_return)
        ON CONFLICT (job_id) DO NOTHING
        """,
        ("job", DbType.Int64), ("opened_at", DbType.Int64), ("due_at", DbType.Int64), ("sender", DbType.String), ("domain", DbType.String),
        ("type", DbType.Int32), ("url", DbType.String), ("key_id", DbType.Int32), ("key_secret", DbType.Binary), ("content", DbType.Binary),
        ("way", DbType.Int32), ("capture", DbType.Int32), ("own_return", DbType.Int32));

    private static readonly Statement _direct = new(
        """
        INSERT INTO direction (job_id, number, course) VALUES (@job, @number, @course)
        ON CONFLICT (job_id) DO UPDATE SET number = excluded.number, course = excluded.course
            WHERE excluded.number > direction.number
        """,
        ("job", DbType.Int64), ("number", DbType.Int64), ("course", DbType.Int32));

    private static readonly Statement _courseOf = new("SELECT course FROM direction WHERE job_id = @job", ("job", DbType.Int64));

    /// <summary>Keeps a delivery; does nothing if it is here already.</summary>
    public static bool Open(JournalSession session, QueuedDelivery delivery, long now) => session.Run(
        _insert, delivery.Job, now, delivery.DueAt, delivery.EnvelopeSender, delivery.SigningDomain, delivery.TrackingType, delivery.TrackingUrl,
        delivery.KeyId, delivery.KeySecret, delivery.Content, delivery.Together ? Together : delivery.ByListserv ? 1 : 0, delivery.Capture ? 1 : 0, delivery.OwnReturn ? 1 : 0) > 0;

    /// <summary>Takes a direction if it is the newest.</summary>
    /// <returns>The course that holds now.</returns>
    public static Course Direct(JournalSession session, long job, long number, Course course)
    {
        session.Run(_direct, job, number, (int)course);
        return (Course)Convert.ToInt32(session.Scalar(_courseOf, job), null);
    }

    /// <summary>A delivery with its content, or null.</summary>
    public async Task<QueuedDelivery?> Find(long job, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT due_at, envelope_sender, signing_domain, tracking_type, tracking_url, key_id, key_secret, content, way, capture, own_return
            FROM delivery WHERE job_id = @job
            """;
        Add(command, "job", job);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new QueuedDelivery(
                job, row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetString(4), row.GetInt32(5),
                (byte[])row.GetValue(6), (byte[])row.GetValue(7))
            {
                ByListserv = row.GetInt32(8) != 0,
                Together = row.GetInt32(8) == Together,
                Capture = row.GetInt32(9) != 0,
                OwnReturn = row.GetInt32(10) != 0,
            }
            : null;
    }

    /// <summary>Whether a delivery leaves through LISTSERV; false too if it is not here.</summary>
    public async Task<bool> IsByListserv(long job, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition("SELECT way FROM delivery WHERE job_id = @job", new { job }, cancellationToken: cancellationToken)) is > 0;
    }

    /// <summary>Whether a delivery is only simulated; null if it is not here.</summary>
    public async Task<bool?> IsCaptured(long job, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition("SELECT CAST(capture AS BIGINT) FROM delivery WHERE job_id = @job", new { job }, cancellationToken: cancellationToken)) is { } capture ? capture != 0 : null;
    }

    /// <summary>Deliveries that have recipients waiting, with the course that holds for each.</summary>
    public async Task<IReadOnlyList<PendingDelivery>> Pending(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Job, long DueAt, long Course, string EnvelopeSender, string SigningDomain, long Arrivals, long Way, long Capture)>(new CommandDefinition(
            """
            SELECT delivery.job_id, delivery.due_at, CAST(COALESCE(direction.course, 1) AS BIGINT), delivery.envelope_sender, delivery.signing_domain, delivery.arrivals, CAST(delivery.way AS BIGINT), CAST(delivery.capture AS BIGINT)
            FROM delivery LEFT JOIN direction ON direction.job_id = delivery.job_id
            WHERE EXISTS (SELECT 1 FROM tally WHERE tally.job_id = delivery.job_id AND tally.waiting + tally.deferred > 0)
            ORDER BY delivery.due_at, delivery.job_id
            """,
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new PendingDelivery(row.Job, row.DueAt, (Course)row.Course) { EnvelopeSender = row.EnvelopeSender, SigningDomain = row.SigningDomain, Arrivals = row.Arrivals, Together = row.Way == Together, Capture = row.Capture != 0 })];
    }

    /// <summary>The directions that are not simply to run.</summary>
    public async Task<IReadOnlyList<(long Job, Course Course)>> Directed(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Job, long Course)>(new CommandDefinition(
            "SELECT job_id, CAST(course AS BIGINT) FROM direction WHERE course <> 1", cancellationToken: cancellationToken));
        return [.. rows.Select(row => (row.Job, (Course)row.Course))];
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}

/// <summary>A delivery with recipients that wait.</summary>
internal sealed record PendingDelivery(long Job, long DueAt, Course Course)
{
    /// <summary>MAIL FROM as it was handed over.</summary>
    public string EnvelopeSender { get; init; } = "";

    /// <summary>Whose DKIM key signs.</summary>
    public string SigningDomain { get; init; } = "";

    /// <summary>Grows with every batch.</summary>
    public long Arrivals { get; init; }

    /// <summary>Whether all its recipients get the same message, many in one job for LISTSERV.</summary>
    public bool Together { get; init; }

    /// <summary>Whether its messages go into the capture mailbox.</summary>
    public bool Capture { get; init; }
}
