// SPDX-License-Identifier: Apache-2.0
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
            var id = rows.GetInt64(0);
            if (held.Contains((job, id)))
            {
                continue;
            }

            page.Add(new QueuedRecipient(
                new Place(job, id, lane, Standing.Waiting, rows.GetInt32(1), rows.GetInt64(2)),
                rows.GetString(4),
                rows.GetString(5),
                rows.IsDBNull(3) ? null : rows.GetInt64(3),
                rows.IsDBNull(6) ? null : (byte[])rows.GetValue(6)));
        }

        return page;
    }

    /// <summary>When the next recipient of a delivery is due in a lane, Unix milliseconds; null if none waits there.</summary>
    public async Task<long?> NextDue(long job, string lane, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "SELECT next_at FROM recipient WHERE job_id = @job AND lane = @lane AND state = 0 ORDER BY next_at LIMIT 1",
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

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
