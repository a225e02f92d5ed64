// SPDX-License-Identifier: Apache-2.0
using System.Data;
using System.Data.Common;
using Dapper;
using Tutti.Dst.Journal;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Queue;

/// <summary>Reads the queue in pages, so that memory does not grow with it.</summary>
internal sealed class RecipientStore(Database database)
{
    private const string Page =
        """
        SELECT recipient.id, recipient.attempts, recipient.first_at, recipient.token, recipient.address, recipient.display_name,
               recipient_values.slot_values
        FROM recipient LEFT JOIN recipient_values ON recipient_values.job_id = recipient.job_id AND recipient_values.id = recipient.id
        WHERE recipient.job_id = @job AND recipient.lane = @lane AND recipient.state = 0 AND recipient.next_at <= @now
        ORDER BY recipient.next_at, recipient.id
        LIMIT @limit
        """;

    // One node after the other finds rows that nobody holds, and holds them; one whose time is over holds nobody any more.
    private const string Claimed =
        """
        WITH me AS (
            SELECT number FROM node WHERE number = @node FOR KEY SHARE
        ), due AS (
            SELECT recipient.id FROM recipient
            WHERE recipient.job_id = @job AND recipient.lane = @lane AND recipient.state = 0 AND recipient.node = 0 AND recipient.next_at <= @now
                AND EXISTS (SELECT 1 FROM me)
            ORDER BY recipient.next_at, recipient.id
            LIMIT @limit
            FOR UPDATE OF recipient SKIP LOCKED
        ), claimed AS (
            UPDATE recipient SET node = @node FROM due WHERE recipient.job_id = @job AND recipient.id = due.id
            RETURNING recipient.id, recipient.attempts, recipient.first_at, recipient.token, recipient.address, recipient.display_name, recipient.next_at
        )
        SELECT claimed.id, claimed.attempts, claimed.first_at, claimed.token, claimed.address, claimed.display_name, recipient_values.slot_values
        FROM claimed LEFT JOIN recipient_values ON recipient_values.job_id = @job AND recipient_values.id = claimed.id
        ORDER BY claimed.next_at, claimed.id
        """;

    private static readonly Statement _release = new(
        "UPDATE recipient SET node = 0 WHERE job_id = @job AND id = @id AND state = 0 AND node = @node",
        ("job", DbType.Int64), ("id", DbType.Int64), ("node", DbType.Int32));

    private static readonly Statement _releaseAllBut = new(
        "UPDATE recipient SET node = 0 WHERE job_id = @job AND lane = @lane AND state = 0 AND node = @node AND id <> ALL (@kept)",
        ("job", DbType.Int64), ("lane", DbType.String), ("node", DbType.Int32));

    /// <summary>Lets go of a recipient that this node holds, for any node to take.</summary>
    public static void Release(JournalSession session, Place place) => session.Send(null, _release, place.Job, place.Id, place.Node);

    /// <summary>Lets go of all recipients of a lane that this node holds, but for some.</summary>
    public static void ReleaseAllBut(JournalSession session, int node, long job, string lane, long[] kept)
    {
        using var released = session.QueryArrays(_releaseAllBut, [job, lane, node], ("kept", kept));
    }

    /// <summary>The same on a store that several distributors share: who comes back is held by this node, until it lets go or is gone.</summary>
    public async Task<List<QueuedRecipient>> Claim(int node, long job, string lane, long now, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = Claimed;
        Add(command, "node", node);
        Add(command, "job", job);
        Add(command, "lane", lane);
        Add(command, "now", now);
        Add(command, "limit", limit);
        var page = new List<QueuedRecipient>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            page.Add(Read(rows, job, lane, node));
        }

        return page;
    }

    /// <summary>Recipients of a delivery that are due in a lane, first come first served; those that are in memory already are passed over.</summary>
    public async Task<List<QueuedRecipient>> Due(
        long job, string lane, long now, int limit, IReadOnlySet<(long Job, long Id)> held, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = Page;
        Add(command, "job", job);
        Add(command, "lane", lane);
        Add(command, "now", now);
        Add(command, "limit", limit + held.Count);
        var page = new List<QueuedRecipient>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (page.Count < limit && await rows.ReadAsync(cancellationToken))
        {
            if (held.Contains((job, rows.GetInt64(0))))
            {
                continue;
            }

            page.Add(Read(rows, job, lane, node: 0));
        }

        return page;
    }

    /// <summary>When the next recipient of a delivery whom nobody holds is due in a lane, Unix milliseconds; null if none waits there.</summary>
    public async Task<long?> NextDue(long job, string lane, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "SELECT next_at FROM recipient WHERE job_id = @job AND lane = @lane AND state = 0 AND node = 0 ORDER BY next_at LIMIT 1",
            new { job, lane },
            cancellationToken: cancellationToken));
    }

    /// <summary>Lanes in which a delivery has recipients waiting, in order of their names.</summary>
    public async Task<IReadOnlyList<string>> Lanes(long job, string after, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var lanes = await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT lane FROM tally WHERE job_id = @job AND waiting + deferred > 0 AND lane > @after ORDER BY lane LIMIT @limit",
            new { job, after, limit },
            cancellationToken: cancellationToken));
        return lanes.AsList();
    }

    private static QueuedRecipient Read(DbDataReader row, long job, string lane, int node) => new(
        new Place(job, row.GetInt64(0), lane, Standing.Waiting, row.GetInt32(1), row.GetInt64(2), node),
        row.GetString(4),
        row.GetString(5),
        row.IsDBNull(3) ? null : row.GetInt64(3),
        row.IsDBNull(6) ? null : (byte[])row.GetValue(6));

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
