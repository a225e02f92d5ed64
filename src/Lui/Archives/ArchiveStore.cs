// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Tutti.Lui.Archives.Format;
using Tutti.Lui.Archives.TakingIn;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Listing;
using Tutti.Lui.Teams;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Archives;

/// <summary>Which jobs have an archive, and how far it is.</summary>
internal sealed class ArchiveStore(Database database)
{
    private const string Columns = "job_id AS JobId, state AS State, file AS File, size AS Size, digest AS Digest, totals AS Totals, numbers AS Numbers, problem AS Problem, who_id AS WhoId, who_name AS WhoName, at AS At";

    /// <summary>The archive of a job, or null.</summary>
    public async Task<JobArchive?> Find(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await Find(connection, null, jobId, cancellationToken);
    }

    /// <summary>The same within a transaction.</summary>
    public static async Task<JobArchive?> Find(DbConnection connection, DbTransaction? transaction, long jobId, CancellationToken cancellationToken) =>
        (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM job_archive WHERE job_id = @jobId", new { jobId }, transaction, cancellationToken: cancellationToken)))?.ToArchive();

    /// <summary>The archive with a digest, within a transaction; null if there is none.</summary>
    public static async Task<JobArchive?> WithDigest(DbConnection connection, DbTransaction? transaction, string digest, CancellationToken cancellationToken) =>
        (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM job_archive WHERE digest = @digest", new { digest }, transaction, cancellationToken: cancellationToken)))?.ToArchive();

    /// <summary>The same, in a look of its own.</summary>
    public async Task<JobArchive?> WithDigest(string digest, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await WithDigest(connection, null, digest, cancellationToken);
    }

    /// <summary>Those that something is to be done with, the oldest wish first.</summary>
    public async Task<IReadOnlyList<JobArchive>> UnderWay(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM job_archive WHERE state IN ('wanted', 'kept', 'wanted-back') ORDER BY at, job_id", cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToArchive())];
    }

    /// <summary>Archived jobs that somebody finds, the latest first.</summary>
    public async Task<(IReadOnlyList<ArchivedJob> Jobs, long Total)> List(Actor viewer, string search, int skip, int take, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var parameters = new DynamicParameters(new { skip, take });
        parameters.Add("pattern", JobQuery.PatternOf(search), System.Data.DbType.String);
        (await RightsReader.ScopeOf(connection, viewer, cancellationToken)).AddTo(parameters);
        const string From = $"""
            FROM job_archive JOIN job ON job.id = job_archive.job_id
            WHERE job.state = 'archived' AND {JobScope.Condition} AND (@pattern IS NULL OR LOWER(job.title) LIKE @pattern ESCAPE '\' OR LOWER(job.code) LIKE @pattern ESCAPE '\')
            """;
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition($"SELECT COUNT(*) {From}", parameters, cancellationToken: cancellationToken));
        var rows = await connection.QueryAsync<Row, (string Code, string Title, string Owner, long? CompletedAt), ArchivedJob>(
            new CommandDefinition(
                $"""
                SELECT job_id AS JobId, job_archive.state AS State, file AS File, size AS Size, digest AS Digest, totals AS Totals, numbers AS Numbers, problem AS Problem,
                    who_id AS WhoId, who_name AS WhoName, at AS At, code, title, owner_name, completed_at
                {From} ORDER BY at DESC, job_id DESC LIMIT @take OFFSET @skip
                """,
                parameters,
                cancellationToken: cancellationToken),
            (row, job) => new ArchivedJob(
                job.Code, job.Title, job.Owner, job.CompletedAt is { } completed ? DateTimeOffset.FromUnixTimeMilliseconds(completed) : null, row.ToArchive()),
            splitOn: "code");
        return ([.. rows], total);
    }

    /// <summary>Jobs whose time to be archived has come.</summary>
    public async Task<IReadOnlyList<long>> Due(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return [.. await connection.QueryAsync<long>(new CommandDefinition(
            """
            SELECT id FROM job LEFT JOIN job_archive ON job_archive.job_id = job.id
            WHERE job.state = 'completed' AND archive_after IS NOT NULL AND (job_archive.state IS NULL OR job_archive.state = 'back')
              AND CASE WHEN job_archive.at > completed_at THEN job_archive.at ELSE completed_at END <= @now - archive_after * 86400000
            ORDER BY completed_at
            """,
            new { now = now.ToUnixTimeMilliseconds() },
            cancellationToken: cancellationToken))];
    }

    /// <summary>Writes it down, within a transaction.</summary>
    public static Task Save(DbTransaction transaction, JobArchive archive, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO job_archive (job_id, state, file, size, digest, totals, numbers, problem, who_id, who_name, at)
            VALUES (@JobId, @State, @File, @Size, @Digest, @Totals, @Numbers, @Problem, @WhoId, @WhoName, @At)
            ON CONFLICT (job_id) DO UPDATE SET state = excluded.state, file = excluded.file, size = excluded.size, digest = excluded.digest, totals = excluded.totals,
                numbers = excluded.numbers, problem = excluded.problem, who_id = excluded.who_id, who_name = excluded.who_name, at = excluded.at
            """,
            Row.Of(archive),
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>The same, in a transaction of its own.</summary>
    public Task Save(JobArchive archive, CancellationToken cancellationToken) => database.Write(transaction => Save(transaction, archive, cancellationToken), cancellationToken);

    /// <summary>Forgets a wish of which nothing came.</summary>
    public Task Forget(long jobId, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "DELETE FROM job_archive WHERE job_id = @jobId", new { jobId }, transaction, cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Whether something of a job is not over: a delivery or a test of it, or a rehearsal.</summary>
    public static async Task<bool> IsBusy(DbTransaction transaction, long jobId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            SELECT (SELECT COUNT(*) FROM delivery WHERE job_id = @jobId AND state = 'open')
                 + (SELECT COUNT(*) FROM rehearsal WHERE job_id = @jobId AND state IN ('running', 'stopping'))
                 + (SELECT COUNT(*) FROM recipient_source WHERE job_id = @jobId AND state = 'importing')
            """,
            new { jobId },
            transaction,
            cancellationToken: cancellationToken)) > 0;

    private sealed class Row
    {
        public long JobId { get; init; }

        public string State { get; init; } = "";

        public string File { get; init; } = "";

        public long Size { get; init; }

        public string Digest { get; init; } = "";

        public string Totals { get; init; } = "";

        public string? Numbers { get; init; }

        public string? Problem { get; init; }

        public string WhoId { get; init; } = "";

        public string WhoName { get; init; } = "";

        public long At { get; init; }

        public static Row Of(JobArchive archive) => new()
        {
            JobId = archive.JobId,
            State = Words.Of(archive.State),
            File = archive.File,
            Size = archive.Size,
            Digest = archive.Digest,
            Totals = archive.Totals is null ? "" : JsonSerializer.Serialize(archive.Totals),
            Numbers = archive.Numbers is null ? null : JsonSerializer.Serialize(archive.Numbers),
            Problem = archive.Problem,
            WhoId = archive.Who.Id,
            WhoName = archive.Who.Name,
            At = archive.At.ToUnixTimeMilliseconds(),
        };

        public JobArchive ToArchive() => new(
            JobId,
            Words.To<ArchiveState>(State),
            File,
            Size,
            Digest,
            Totals.Length == 0 ? null : JsonSerializer.Deserialize<ArchiveTotals>(Totals),
            Numbers is null ? null : JsonSerializer.Deserialize<ImportedNumbers>(Numbers),
            Problem,
            new Actor(WhoId, WhoName),
            DateTimeOffset.FromUnixTimeMilliseconds(At));
    }
}

/// <summary>An archived job as it is listed.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Title">Its title.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="CompletedAt">When its delivery was over.</param>
/// <param name="Archive">Its archive.</param>
internal sealed record ArchivedJob(string Code, string Title, string Owner, DateTimeOffset? CompletedAt, JobArchive Archive);
