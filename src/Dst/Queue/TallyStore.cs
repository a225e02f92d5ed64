// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Queue;

/// <summary>Counts of the queue, read from the tallies that the journal keeps.</summary>
internal sealed class TallyStore(Database database)
{
    private const string Sums =
        """
        SELECT CAST(COALESCE(SUM(waiting), 0) AS BIGINT) AS Waiting, CAST(COALESCE(SUM(deferred), 0) AS BIGINT) AS Deferred,
               CAST(COALESCE(SUM(offered), 0) AS BIGINT) AS Offered, CAST(COALESCE(SUM(accepted), 0) AS BIGINT) AS Accepted,
               CAST(COALESCE(SUM(refused), 0) AS BIGINT) AS Refused, CAST(COALESCE(SUM(expired), 0) AS BIGINT) AS Expired,
               CAST(COALESCE(SUM(suppressed), 0) AS BIGINT) AS Suppressed, CAST(COALESCE(SUM(withdrawn), 0) AS BIGINT) AS Withdrawn,
               CAST(COALESCE(SUM(in_doubt), 0) AS BIGINT) AS InDoubt
        FROM tally
        """;

    /// <summary>Where the recipients of a delivery stand.</summary>
    public async Task<Tally> Of(long job, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.QuerySingleAsync<Tally>(new CommandDefinition(Sums + " WHERE job_id = @job", new { job }, cancellationToken: cancellationToken));
    }

    /// <summary>Where the recipients of all deliveries stand.</summary>
    public async Task<Tally> OfAll(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.QuerySingleAsync<Tally>(new CommandDefinition(Sums, cancellationToken: cancellationToken));
    }

    /// <summary>The lanes in which most recipients of a delivery wait.</summary>
    public async Task<IReadOnlyList<WaitingLane>> Fullest(long job, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        await using var rows = await connection.ExecuteReaderAsync(new CommandDefinition(
            """
            SELECT lane, waiting, deferred, COALESCE(reply, ''), next_at
            FROM tally WHERE job_id = @job AND waiting + deferred > 0 ORDER BY waiting + deferred DESC LIMIT @limit
            """,
            new { job, limit },
            cancellationToken: cancellationToken));
        var lanes = new List<WaitingLane>();
        while (await rows.ReadAsync(cancellationToken))
        {
            lanes.Add(new WaitingLane(rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetString(3), rows.GetInt64(4)));
        }

        return lanes;
    }

    /// <summary>How many wait, by delivery and destination, the most first.</summary>
    public async Task<IReadOnlyList<(long Job, string Lane, long Count)>> Waiting(int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return [.. await connection.QueryAsync<(long, string, long)>(new CommandDefinition(
            "SELECT job_id, lane, waiting + deferred FROM tally WHERE waiting + deferred > 0 ORDER BY waiting + deferred DESC LIMIT @limit",
            new { limit },
            cancellationToken: cancellationToken))];
    }
}

/// <summary>How many recipients stand where; together all that were submitted.</summary>
internal sealed record Tally(
    long Waiting, long Deferred, long Offered, long Accepted, long Refused, long Expired, long Suppressed, long Withdrawn, long InDoubt)
{
    /// <summary>All of them.</summary>
    public long Submitted => Waiting + Deferred + Offered + Settled;

    /// <summary>Those with a fate.</summary>
    public long Settled => Accepted + Refused + Expired + Suppressed + Withdrawn + InDoubt;
}

/// <summary>Recipients that wait in a lane.</summary>
/// <param name="Lane">Its destination.</param>
/// <param name="Waiting">Not tried yet.</param>
/// <param name="Deferred">Tried and to be tried again.</param>
/// <param name="Reply">What the receiver said at the last deferral; empty if there was none.</param>
/// <param name="NextAt">When that one is tried again, Unix milliseconds.</param>
internal sealed record WaitingLane(string Lane, long Waiting, long Deferred, string Reply, long NextAt);
