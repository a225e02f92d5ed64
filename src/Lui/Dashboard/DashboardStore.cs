// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Lui.Teams;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Dashboard;

/// <summary>What happens to a job at a moment.</summary>
internal enum Occasion
{
    /// <summary>Its delivery began.</summary>
    Delivered,

    /// <summary>It leaves.</summary>
    Planned,

    /// <summary>Until then somebody has to have authorised it.</summary>
    Decision,
}

/// <summary>A job in the calendar.</summary>
internal sealed record CalendarItem(string Code, string Title, DateTimeOffset At, Occasion Occasion);

/// <summary>What the dashboard shows, of the jobs that somebody finds.</summary>
internal sealed class DashboardStore(Database database)
{
    /// <summary>Jobs that need somebody: failed ones, then open ones whose date of decision is over or near.</summary>
    public Task<IReadOnlyList<Job>> NeedAttention(Actor viewer, DateTimeOffset near, int take, CancellationToken cancellationToken) => Jobs(
        viewer,
        "(state = 'failed' OR (state = 'open' AND decide_by IS NOT NULL AND decide_by < @near)) ORDER BY CASE WHEN state = 'failed' THEN 0 ELSE 1 END, COALESCE(decide_by, due_at), id",
        near,
        take,
        cancellationToken);

    /// <summary>Jobs that are on their way or wait for their time, the next first.</summary>
    public Task<IReadOnlyList<Job>> Ongoing(Actor viewer, int take, CancellationToken cancellationToken) => Jobs(
        viewer, "state IN ('waiting', 'processing') ORDER BY due_at, id", DateTimeOffset.UnixEpoch, take, cancellationToken);

    /// <summary>The jobs that were completed last.</summary>
    public Task<IReadOnlyList<Job>> Recent(Actor viewer, int take, CancellationToken cancellationToken) => Jobs(
        viewer, "state = 'completed' ORDER BY completed_at DESC, id DESC", DateTimeOffset.UnixEpoch, take, cancellationToken);

    /// <summary>What happened and happens between two moments, in order.</summary>
    public async Task<IReadOnlyList<CalendarItem>> Calendar(Actor viewer, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var parameters = new DynamicParameters(new { from = from.ToUnixTimeMilliseconds(), until = until.ToUnixTimeMilliseconds() });
        (await RightsReader.ScopeOf(connection, viewer, cancellationToken)).AddTo(parameters);
        var rows = await connection.QueryAsync<(string Code, string Title, long At, long Occasion)>(new CommandDefinition(
            $"""
            SELECT code, title, started_at, 0 FROM job WHERE started_at >= @from AND started_at < @until AND {JobScope.Condition}
            UNION ALL
            SELECT code, title, COALESCE(due_at, schedule_at), 1 FROM job
            WHERE started_at IS NULL AND COALESCE(due_at, schedule_at) >= @from AND COALESCE(due_at, schedule_at) < @until AND {JobScope.Condition}
            UNION ALL
            SELECT code, title, decide_by, 2 FROM job WHERE state = 'open' AND decide_by >= @from AND decide_by < @until AND {JobScope.Condition}
            ORDER BY 3, 1
            """,
            parameters,
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new CalendarItem(row.Code, row.Title, DateTimeOffset.FromUnixTimeMilliseconds(row.At), (Occasion)row.Occasion))];
    }

    private async Task<IReadOnlyList<Job>> Jobs(Actor viewer, string rest, DateTimeOffset near, int take, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var parameters = new DynamicParameters(new { near = near.ToUnixTimeMilliseconds(), take });
        (await RightsReader.ScopeOf(connection, viewer, cancellationToken)).AddTo(parameters);
        var rows = await connection.QueryAsync<JobRow>(new CommandDefinition(
            $"SELECT {JobRow.Columns} FROM job WHERE {JobScope.Condition} AND {rest} LIMIT @take", parameters, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToJob())];
    }
}
