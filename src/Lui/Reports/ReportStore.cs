// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tracking;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Reports;

/// <summary>Counts what recipients did, from the stored events.</summary>
internal sealed class ReportStore(Database database)
{
    /// <summary>How often each kind of event was stored for a job, and by how many recipients.</summary>
    public async Task<IReadOnlyDictionary<Reaction, ReactionCount>> Reactions(long jobId, JobTracking tracking, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Kind, long Times, long Recipients, long Traces)>(new CommandDefinition(
            $"""
            SELECT kind, COUNT(*) AS times, COUNT(DISTINCT recipient_id) AS recipients, {TracesOf(tracking)} AS traces FROM tracker_event WHERE job_id = @jobId GROUP BY kind
            """,
            new { jobId },
            cancellationToken: cancellationToken));
        return rows.ToDictionary(row => (Reaction)row.Kind, row => ReactionCount.Of(TypeFor((Reaction)row.Kind, tracking), row.Times, row.Recipients, row.Traces));
    }

    /// <summary>Every tracked link of a delivery with its clicks, in the order of the message.</summary>
    public async Task<IReadOnlyList<LinkReport>> Links(long jobId, JobTracking tracking, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Number, string Target, string Label, string Part, string Alias, long Times, long Recipients, long Traces)>(new CommandDefinition(
            $"""
            SELECT delivery_link.number, delivery_link.target, delivery_link.label, delivery_link.part, delivery_link.alias,
                   COALESCE(clicks.times, 0) AS times, COALESCE(clicks.recipients, 0) AS recipients, COALESCE(clicks.traces, 0) AS traces
            FROM delivery_link
            LEFT JOIN (
                SELECT link, COUNT(*) AS times, COUNT(DISTINCT recipient_id) AS recipients, {TracesOf(tracking)} AS traces
                FROM tracker_event WHERE job_id = @jobId AND kind = 2 GROUP BY link) AS clicks ON clicks.link = delivery_link.number
            WHERE delivery_link.delivery_id = @jobId ORDER BY delivery_link.number
            """,
            new { jobId },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new LinkReport(
            row.Number, row.Target, row.Label, row.Part, ReactionCount.Of(tracking, row.Times, row.Recipients, row.Traces), row.Alias))];
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

    /// <summary>The profiles of a delivery with what those who share them did, those with most clicks first.</summary>
    public async Task<IReadOnlyList<ProfileReport>> Profiles(long jobId, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(string Fields, long Recipients, long Opens, long Clicks)>(new CommandDefinition(
            """
            SELECT profile.fields, profile.recipients, COALESCE(done.opens, 0) AS opens, COALESCE(done.clicks, 0) AS clicks FROM tracking_profile profile
            LEFT JOIN (
                SELECT trace, SUM(CASE WHEN kind = 1 THEN 1 ELSE 0 END) AS opens, SUM(CASE WHEN kind = 2 THEN 1 ELSE 0 END) AS clicks
                FROM tracker_event WHERE job_id = @jobId AND trace IS NOT NULL GROUP BY trace) AS done ON done.trace = profile.trace
            WHERE profile.delivery_id = @jobId ORDER BY 4 DESC, 3 DESC, 2 DESC, 1 LIMIT @most
            """,
            new { jobId, most },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new ProfileReport(JsonSerializer.Deserialize<Dictionary<string, string>>(row.Fields)!, row.Recipients, row.Opens, row.Clicks))];
    }

    /// <summary>Whom a kind of event is counted by: who unsubscribes is known with every type.</summary>
    public static JobTracking TypeFor(Reaction kind, JobTracking tracking) => kind == Reaction.Unsubscribe ? JobTracking.Personal : tracking;

    // Only where there are some: counting what is different takes time.
    private static string TracesOf(JobTracking tracking) => tracking is JobTracking.Permission or JobTracking.Anonymous or JobTracking.Unique ? "COUNT(DISTINCT trace)" : "0";
}
