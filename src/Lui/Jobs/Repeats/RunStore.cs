// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Jobs.Repeats;

/// <summary>A run of a repeated job.</summary>
/// <param name="Run">From 1.</param>
/// <param name="Code">The job that it is.</param>
/// <param name="State">Where it stands.</param>
/// <param name="At">When it was completed, or else is due; null while it is open.</param>
internal sealed record JobRun(int Run, string Code, JobState State, DateTimeOffset? At);

/// <summary>The runs of repeated jobs.</summary>
internal sealed class RunStore(Database database)
{
    /// <summary>The latest runs of the repetition that a job belongs to, the newest first.</summary>
    public async Task<IReadOnlyList<JobRun>> Of(Job job, int take, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Run, string Code, string State, long? At)>(new CommandDefinition(
            "SELECT run, code, state, COALESCE(completed_at, due_at) FROM job WHERE id = @chain OR chain_id = @chain ORDER BY run DESC LIMIT @take",
            new { chain = job.ChainId ?? job.Id, take },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new JobRun((int)row.Run, row.Code, Words.To<JobState>(row.State), row.At is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null))];
    }
}
