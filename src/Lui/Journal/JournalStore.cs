// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Lui.Teams;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Journal;

/// <summary>The journals of all jobs, as one.</summary>
internal sealed class JournalStore(Database database)
{
    private const string Selected = $"""
        FROM job_journal JOIN job ON job.id = job_journal.job_id
        WHERE {JobScope.Condition}
          AND (@Who IS NULL OR job_journal.who_id = @Who)
          AND (@Kind IS NULL OR job_journal.kind = @Kind)
          AND job_journal.at >= @From AND job_journal.at < @Until
          AND (@Pattern IS NULL OR LOWER(job_journal.words) LIKE @Pattern ESCAPE '\' OR LOWER(job.title) LIKE @Pattern ESCAPE '\' OR LOWER(job.code) LIKE @Pattern ESCAPE '\')
        """;

    /// <summary>The lines of a query, the newest first.</summary>
    public async Task<JournalListing> List(JournalQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var parameters = new DynamicParameters();
        (query.Viewer is null ? JobScope.All : await RightsReader.ScopeOf(connection, query.Viewer, cancellationToken)).AddTo(parameters);
        parameters.Add("Who", query.Who, DbType.String);
        parameters.Add("Kind", query.Kind, DbType.String);
        parameters.Add("Pattern", Jobs.Listing.JobQuery.PatternOf(query.Search), DbType.String);
        parameters.Add("From", query.From?.ToUnixTimeMilliseconds() ?? 0L);
        parameters.Add("Until", query.Until?.ToUnixTimeMilliseconds() ?? long.MaxValue);
        parameters.Add("Skip", Math.Max(0, query.Skip));
        parameters.Add("Take", Math.Clamp(query.Take, 1, JournalQuery.MaxTake));
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition($"SELECT COUNT(*) {Selected}", parameters, cancellationToken: cancellationToken));
        var rows = await connection.QueryAsync<(string Code, string Title, long At, string WhoId, string WhoName, string Kind, string Words)>(new CommandDefinition(
            $"""
            SELECT job.code, job.title, job_journal.at, job_journal.who_id, job_journal.who_name, job_journal.kind, job_journal.words {Selected}
            ORDER BY job_journal.at DESC, job_journal.job_id DESC, job_journal.number DESC LIMIT @Take OFFSET @Skip
            """,
            parameters,
            cancellationToken: cancellationToken));
        return new JournalListing(
            [.. rows.Select(row => new JournalItem(row.Code, row.Title, new JournalEntry(DateTimeOffset.FromUnixTimeMilliseconds(row.At), new Actor(row.WhoId, row.WhoName), row.Kind, row.Words)))],
            total);
    }

    /// <summary>Who stands in the journals that somebody may read, by name.</summary>
    public async Task<IReadOnlyList<Actor>> People(Actor viewer, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var parameters = new DynamicParameters();
        (await RightsReader.ScopeOf(connection, viewer, cancellationToken)).AddTo(parameters);
        var rows = await connection.QueryAsync<(string Id, string Name)>(new CommandDefinition(
            $"""
            SELECT job_journal.who_id, MAX(job_journal.who_name) FROM job_journal JOIN job ON job.id = job_journal.job_id WHERE {JobScope.Condition}
            GROUP BY job_journal.who_id ORDER BY 2
            """,
            parameters,
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new Actor(row.Id, row.Name))];
    }

    /// <summary>What has happened in the journals that somebody may read: the stable words.</summary>
    public async Task<IReadOnlyList<string>> Kinds(Actor viewer, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var parameters = new DynamicParameters();
        (await RightsReader.ScopeOf(connection, viewer, cancellationToken)).AddTo(parameters);
        return [.. await connection.QueryAsync<string>(new CommandDefinition(
            $"SELECT DISTINCT job_journal.kind FROM job_journal JOIN job ON job.id = job_journal.job_id WHERE {JobScope.Condition} ORDER BY 1", parameters, cancellationToken: cancellationToken))];
    }
}
