// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.DropIns;

/// <summary>Drop-ins, and what was fetched of them for jobs.</summary>
internal sealed class DropInStore(Database database)
{
    private const string Columns = "id, name, description, kind, is_html AS IsHtml, enabled, place, body, by_id AS ById, by_name AS ByName, saved_at AS SavedAt";

    /// <summary>All of them, by name.</summary>
    public async Task<IReadOnlyList<DropIn>> List(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition($"SELECT {Columns} FROM drop_in ORDER BY name", cancellationToken: cancellationToken))).Select(row => row.ToDropIn())];
    }

    /// <summary>One by its exact name, or null.</summary>
    public async Task<DropIn?> Find(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM drop_in WHERE name = @name", new { name }, cancellationToken: cancellationToken)))?.ToDropIn();
    }

    /// <summary>Keeps one, as new or in the place of what it was.</summary>
    public Task<DropIn> Save(DropIn dropIn, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var saved = dropIn.Id > 0 ? dropIn : dropIn with { Id = await NumberSequence.Next(transaction, NumberSequence.DropIn, cancellationToken) };
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO drop_in (id, name, description, kind, is_html, enabled, place, body, by_id, by_name, saved_at)
                VALUES (@Id, @Name, @Description, @kind, @isHtml, @enabled, @Place, @Body, @byId, @byName, @at)
                ON CONFLICT (id) DO UPDATE
                    SET name = excluded.name, description = excluded.description, kind = excluded.kind, is_html = excluded.is_html, enabled = excluded.enabled,
                        place = excluded.place, body = excluded.body, by_id = excluded.by_id, by_name = excluded.by_name, saved_at = excluded.saved_at
                """,
                new
                {
                    saved.Id,
                    saved.Name,
                    saved.Description,
                    kind = Words.Of(saved.Kind),
                    isHtml = saved.IsHtml ? 1L : 0L,
                    enabled = saved.IsEnabled ? 1L : 0L,
                    saved.Place,
                    saved.Body,
                    byId = saved.By.Id,
                    byName = saved.By.Name,
                    at = saved.At.ToUnixTimeMilliseconds(),
                },
                transaction,
                cancellationToken: cancellationToken));
            return saved;
        },
        cancellationToken);

    /// <summary>Takes one away; false if there was none.</summary>
    public Task<bool> Remove(string name, CancellationToken cancellationToken) => database.Write(
        async transaction => await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "DELETE FROM drop_in WHERE name = @name", new { name }, transaction, cancellationToken: cancellationToken)) > 0,
        cancellationToken);

    /// <summary>What was fetched for a job.</summary>
    public async Task<IReadOnlyDictionary<string, FetchedDropIn>> Fetched(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(string Name, string Definition, string Value, string? Problem, long At)>(new CommandDefinition(
            "SELECT name, definition, value, problem, fetched_at FROM job_drop_in WHERE job_id = @jobId", new { jobId }, cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.Name, row => new FetchedDropIn(row.Name, row.Definition, row.Value, row.Problem, DateTimeOffset.FromUnixTimeMilliseconds(row.At)), StringComparer.Ordinal);
    }

    /// <summary>Keeps what was fetched, in the place of what was fetched before.</summary>
    public Task SaveFetched(long jobId, FetchedDropIn fetched, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO job_drop_in (job_id, name, definition, value, problem, fetched_at) VALUES (@jobId, @Name, @Definition, @Value, @Problem, @at)
            ON CONFLICT (job_id, name) DO UPDATE
                SET definition = excluded.definition, value = excluded.value, problem = excluded.problem, fetched_at = excluded.fetched_at
            """,
            new { jobId, fetched.Name, fetched.Definition, fetched.Value, fetched.Problem, at = fetched.At.ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Whether a job fetches anew when it leaves.</summary>
    public async Task<bool> FetchesLate(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM job_fetch_late WHERE job_id = @jobId", new { jobId }, cancellationToken: cancellationToken)) > 0;
    }

    /// <summary>Chooses whether a job fetches anew when it leaves, within the transaction that records the edit.</summary>
    public static Task SetFetchesLate(DbTransaction transaction, long jobId, bool on, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            on ? "INSERT INTO job_fetch_late (job_id) VALUES (@jobId) ON CONFLICT (job_id) DO NOTHING" : "DELETE FROM job_fetch_late WHERE job_id = @jobId",
            new { jobId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Gives another job what was fetched for one, and its choice.</summary>
    public static Task Copy(DbTransaction transaction, long fromJob, long toJob, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
        """
        INSERT INTO job_drop_in (job_id, name, definition, value, problem, fetched_at)
            SELECT @toJob, name, definition, value, problem, fetched_at FROM job_drop_in WHERE job_id = @fromJob;
        INSERT INTO job_fetch_late (job_id) SELECT @toJob FROM job_fetch_late WHERE job_id = @fromJob
        """,
        new { fromJob, toJob },
        transaction,
        cancellationToken: cancellationToken));

    /// <summary>Drops what was fetched for a job that is deleted.</summary>
    public static Task Forget(DbTransaction transaction, long jobId, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
        "DELETE FROM job_drop_in WHERE job_id = @jobId; DELETE FROM job_fetch_late WHERE job_id = @jobId", new { jobId }, transaction, cancellationToken: cancellationToken));

    private sealed class Row
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";

        public string Description { get; init; } = "";

        public string Kind { get; init; } = "";

        public long IsHtml { get; init; }

        public long Enabled { get; init; }

        public string Place { get; init; } = "";

        public string Body { get; init; } = "";

        public string ById { get; init; } = "";

        public string ByName { get; init; } = "";

        public long SavedAt { get; init; }

        public DropIn ToDropIn() => new(
            Id, Name, Description, Words.To<DropInKind>(Kind), IsHtml != 0, Enabled != 0, Place, Body, new Actor(ById, ByName), DateTimeOffset.FromUnixTimeMilliseconds(SavedAt));
    }
}
