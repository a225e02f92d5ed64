// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Preflight;

/// <summary>What preflights found, the last one of each job, and the ticks at its warnings.</summary>
internal sealed class PreflightStore(Database database)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>The last look at a job, or null.</summary>
    public async Task<PreflightReport?> Find(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<(string? OfWhat, long At, string Findings)>(new CommandDefinition(
            "SELECT of_what, at, findings FROM preflight WHERE job_id = @jobId", new { jobId }, cancellationToken: cancellationToken));
        if (row.OfWhat is null)
        {
            return null;
        }

        var ticks = await connection.QueryAsync<(string Finding, string WhoId, string WhoName, long At)>(new CommandDefinition(
            "SELECT finding, who_id, who_name, at FROM preflight_tick WHERE job_id = @jobId", new { jobId }, cancellationToken: cancellationToken));
        return new PreflightReport(
            row.OfWhat,
            DateTimeOffset.FromUnixTimeMilliseconds(row.At),
            JsonSerializer.Deserialize<PreflightFinding[]>(row.Findings, _json)!,
            [.. ticks.Select(tick => new PreflightTick(tick.Finding, new Actor(tick.WhoId, tick.WhoName), DateTimeOffset.FromUnixTimeMilliseconds(tick.At)))]);
    }

    /// <summary>Keeps a look. Ticks stay: they count where the same is found again.</summary>
    public Task Save(long jobId, PreflightReport report, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO preflight (job_id, of_what, at, findings) VALUES (@jobId, @Of, @at, @findings)
            ON CONFLICT (job_id) DO UPDATE SET of_what = excluded.of_what, at = excluded.at, findings = excluded.findings
            """,
            new { jobId, report.Of, at = report.At.ToUnixTimeMilliseconds(), findings = JsonSerializer.Serialize(report.Findings, _json) },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Lets a warning pass; who did so first is remembered.</summary>
    public static Task Tick(DbTransaction transaction, long jobId, PreflightTick tick, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO preflight_tick (job_id, finding, who_id, who_name, at) VALUES (@jobId, @Key, @Id, @Name, @at)
            ON CONFLICT (job_id, finding) DO NOTHING
            """,
            new { jobId, tick.Key, tick.Who.Id, tick.Who.Name, at = tick.At.ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Takes a tick back.</summary>
    public static Task Untick(DbTransaction transaction, long jobId, string key, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "DELETE FROM preflight_tick WHERE job_id = @jobId AND finding = @key", new { jobId, key }, transaction, cancellationToken: cancellationToken));

    /// <summary>Forgets a job that is deleted.</summary>
    public static Task Forget(DbTransaction transaction, long jobId, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "DELETE FROM preflight_tick WHERE job_id = @jobId; DELETE FROM preflight WHERE job_id = @jobId", new { jobId }, transaction, cancellationToken: cancellationToken));
}
