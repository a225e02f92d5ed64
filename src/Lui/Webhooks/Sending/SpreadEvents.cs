// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Webhooks.Sending;

/// <summary>
/// Moves what happened from the outbox into the queue of every webhook that wants to hear of it, and gives the numbers; page by page,
/// each in one transaction, so that an event is in one of the two places whenever this is cut off.
/// </summary>
internal sealed class SpreadEvents(Database database, TimeProvider clock)
{
    private const int Page = 2000;

    /// <summary>One page; true if there may be more.</summary>
    public Task<bool> Handle(CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var page = await Take(transaction, cancellationToken);
            if (page.Count == 0)
            {
                return false;
            }

            // A delivery of tests goes to colleagues: nobody outside is told of it.
            var tests = await Tests(transaction, page.Where(one => one.RecipientId is not null).Select(one => one.JobId));
            var events = page.Where(one => one.RecipientId is null || !tests.Contains(one.JobId)).ToList();

            var webhooks = await transaction.Connection!.QueryAsync<(long Id, string Events)>(new CommandDefinition(
                "SELECT id, events FROM webhook WHERE is_on = 1 ORDER BY id", transaction: transaction, cancellationToken: cancellationToken));
            foreach (var (id, words) in webhooks)
            {
                var wanted = Webhook.Split(words).ToHashSet(StringComparer.Ordinal);
                var own = events.Where(one => wanted.Contains(one.Type)).ToArray();
                if (own.Length > 0 && await MessageStore.TakeNumbers(transaction, id, own.Length, cancellationToken) is { } last)
                {
                    await Insert(transaction, id, last - own.Length + 1, own, cancellationToken);
                }
            }

            return page.Count == Page;
        },
        cancellationToken);

    private async Task<HashSet<long>> Tests(DbTransaction transaction, IEnumerable<long> deliveries)
    {
        var wanted = deliveries.Distinct().ToArray();
        var among = database.Dialect == Dialect.Postgres ? "= ANY (@wanted)" : "IN @wanted";
        return wanted.Length == 0 ? [] : [.. await transaction.Connection!.QueryAsync<long>($"SELECT id FROM delivery WHERE id {among} AND kind = 'test'", new { wanted }, transaction)];
    }

    private async Task<List<Row>> Take(DbTransaction transaction, CancellationToken cancellationToken)
    {
        var skip = database.Dialect == Dialect.Postgres ? "FOR UPDATE SKIP LOCKED" : "";
        var rows = await transaction.Connection!.QueryAsync<Row>(new CommandDefinition(
            $"""
            DELETE FROM webhook_outbox WHERE event_id IN (SELECT event_id FROM webhook_outbox ORDER BY position, event_id LIMIT {Page} {skip})
            RETURNING event_id AS EventId, position AS Position, type AS Type, at AS At, job_id AS JobId, recipient_id AS RecipientId, data AS Data
            """,
            transaction: transaction,
            cancellationToken: cancellationToken));
        return [.. rows.OrderBy(row => row.Position).ThenBy(row => row.EventId, StringComparer.Ordinal)];
    }

    private async Task Insert(DbTransaction transaction, long webhookId, long first, Row[] events, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (transaction is NpgsqlTransaction postgres)
        {
            await using var command = new NpgsqlCommand(
                """
                INSERT INTO webhook_message (webhook_id, number, event_id, type, at, job_id, recipient_id, data, state, attempts, series_from, queued_at, next_at, answer)
                SELECT $1, $2 + nth - 1, event_id, type, at, job_id, recipient_id, data, 'waiting', 0, 0, $3, $3, ''
                FROM unnest($4, $5, $6, $7, $8, $9) WITH ORDINALITY AS one (event_id, type, at, job_id, recipient_id, data, nth)
                """,
                postgres.Connection,
                postgres);
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = webhookId });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = first });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = now });
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(events, one => one.EventId) });
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(events, one => one.Type) });
            command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(events, one => one.At) });
            command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(events, one => one.JobId) });
            command.Parameters.Add(new NpgsqlParameter<long?[]> { TypedValue = Array.ConvertAll(events, one => one.RecipientId) });
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(events, one => one.Data) });
            await command.ExecuteNonQueryAsync(cancellationToken);
            return;
        }

        await using var insert = (SqliteCommand)transaction.Connection!.CreateCommand();
        insert.Transaction = (SqliteTransaction)transaction;
        insert.CommandText =
            """
            INSERT INTO webhook_message (webhook_id, number, event_id, type, at, job_id, recipient_id, data, state, attempts, series_from, queued_at, next_at, answer)
            VALUES ($webhook, $number, $event, $type, $at, $job, $recipient, $data, 'waiting', 0, 0, $now, $now, '')
            """;
        insert.Parameters.Add("$webhook", SqliteType.Integer).Value = webhookId;
        insert.Parameters.Add("$now", SqliteType.Integer).Value = now;
        var (number, id, type) = (insert.Parameters.Add("$number", SqliteType.Integer), insert.Parameters.Add("$event", SqliteType.Text), insert.Parameters.Add("$type", SqliteType.Text));
        var (at, job) = (insert.Parameters.Add("$at", SqliteType.Integer), insert.Parameters.Add("$job", SqliteType.Integer));
        var (recipient, data) = (insert.Parameters.Add("$recipient", SqliteType.Integer), insert.Parameters.Add("$data", SqliteType.Text));
        for (var index = 0; index < events.Length; index++)
        {
            var one = events[index];
            (number.Value, id.Value, type.Value, at.Value) = (first + index, one.EventId, one.Type, one.At);
            (job.Value, recipient.Value, data.Value) = (one.JobId, one.RecipientId is { } known ? known : DBNull.Value, one.Data);
            insert.ExecuteNonQuery();
        }
    }

    private sealed class Row
    {
        public string EventId { get; set; } = "";

        public long Position { get; set; }

        public string Type { get; set; } = "";

        public long At { get; set; }

        public long JobId { get; set; }

        public long? RecipientId { get; set; }

        public string Data { get; set; } = "";
    }
}
