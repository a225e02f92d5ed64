// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Tracking;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Reports;

/// <summary>Counts what recipients did, from the stored events.</summary>
internal sealed class ReportStore(Database database)
{
    /// <summary>How often each kind of event was stored for a job, and by how many recipients.</summary>
    public async Task<IReadOnlyDictionary<Reaction, ReactionCount>> Reactions(long jobId, bool personal, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Kind, long Times, long Recipients)>(new CommandDefinition(
            """
            SELECT kind, COUNT(*) AS times, COUNT(DISTINCT recipient_id) AS recipients FROM tracker_event WHERE job_id = @jobId GROUP BY kind
            """,
            new { jobId },
            cancellationToken: cancellationToken));
        return rows.ToDictionary(row => (Reaction)row.Kind, row => new ReactionCount(row.Times, personal ? row.Recipients : null));
    }

    /// <summary>Every tracked link of a delivery with its clicks, in the order of the message.</summary>
    public async Task<IReadOnlyList<LinkReport>> Links(long jobId, bool personal, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Number, string Target, string Label, string Part, long Times, long Recipients)>(new CommandDefinition(
            """
            SELECT delivery_link.number, delivery_link.target, delivery_link.label, delivery_link.part,
                   COALESCE(clicks.times, 0) AS times, COALESCE(clicks.recipients, 0) AS recipients
            FROM delivery_link
            LEFT JOIN (
                SELECT link, COUNT(*) AS times, COUNT(DISTINCT recipient_id) AS recipients
                FROM tracker_event WHERE job_id = @jobId AND kind = 2 GROUP BY link) AS clicks ON clicks.link = delivery_link.number
            WHERE delivery_link.delivery_id = @jobId ORDER BY delivery_link.number
            """,
            new { jobId },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new LinkReport(
            row.Number, row.Target, row.Label, row.Part, new ReactionCount(row.Times, personal ? row.Recipients : null)))];
    }

    /// <summary>The moments of the first and the last open or click; null if there is none.</summary>
    public async Task<(long First, long Last)?> Span(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleAsync<(long? First, long? Last)>(new CommandDefinition(
            "SELECT MIN(at) AS first, MAX(at) AS last FROM tracker_event WHERE job_id = @jobId AND kind IN (1, 2)",
            new { jobId },
            cancellationToken: cancellationToken));
        return row is ({ } first, { } last) ? (first, last) : null;
    }

    /// <summary>Opens and clicks in stretches of time, counted from the start of Unix time; empty stretches are left out.</summary>
    public async Task<IReadOnlyList<(long Bucket, Reaction Kind, long Times)>> Buckets(long jobId, long lengthMs, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Bucket, long Kind, long Times)>(new CommandDefinition(
            """
            SELECT at / @lengthMs AS bucket, kind, COUNT(*) AS times FROM tracker_event
            WHERE job_id = @jobId AND kind IN (1, 2) GROUP BY at / @lengthMs, kind ORDER BY 1
            """,
            new { jobId, lengthMs },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => (row.Bucket, (Reaction)row.Kind, row.Times))];
    }
}
