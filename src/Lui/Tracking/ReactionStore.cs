// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Tutti.Lui.Archives;
using Tutti.Lui.Delivery;
using Tutti.Lui.Fates;
using Tutti.Lui.Jobs;
using Tutti.Lui.Returns;
using Tutti.Lui.Suppression;
using Tutti.Lui.Webhooks.Events;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tracking;

/// <summary>What recipients did, as the trackers saw it.</summary>
internal sealed class ReactionStore(Database database, SoftBounceStore softBounces)
{
    /// <summary>
    /// Stores events within the transaction that moves the feed's mark. In it unsubscribed addresses go onto the
    /// suppression list, and whoever reacted to a message that was in doubt has plainly got it.
    /// </summary>
    public async Task Add(DbTransaction transaction, long feed, long clockOffsetMs, TrackerEvent[] events, CancellationToken cancellationToken)
    {
        var known = await KnownDeliveries.Among(transaction, database.Dialect, events.Select(one => one.JobId));
        var types = await TypesOf(transaction, known);
        events = [.. events.Where(one => known.Contains(one.JobId)).Select(one => one.Within(types[one.JobId]))];
        if (database.Dialect == Dialect.Postgres)
        {
            await InsertOnPostgres((NpgsqlTransaction)transaction, feed, clockOffsetMs, events, cancellationToken);
        }
        else
        {
            InsertOnSqlite((SqliteTransaction)transaction, feed, clockOffsetMs, events);
        }

        await Unsubscribe(transaction, events, cancellationToken);
        await SettleDoubts(transaction, events, cancellationToken);
        foreach (var job in events.Where(one => one is { Kind: Reaction.Open or Reaction.Click, RecipientId: not null }).GroupBy(one => one.JobId))
        {
            await softBounces.Forgive(transaction, job.Key, [.. job.Select(one => one.RecipientId!.Value).Distinct()]);
        }

        await RecipientEvents.Write(transaction, events, cancellationToken);
    }

    /// <summary>The tracking types of deliveries that are here.</summary>
    private async Task<Dictionary<long, JobTracking>> TypesOf(DbTransaction transaction, HashSet<long> deliveries)
    {
        if (deliveries.Count == 0)
        {
            return [];
        }

        var among = database.Dialect == Dialect.Postgres ? "= ANY (@ids)" : "IN @ids";
        var rows = await transaction.Connection!.QueryAsync<(long Id, string Tracking)>($"SELECT id, tracking FROM delivery WHERE id {among}", new { ids = deliveries.ToArray() }, transaction);
        return rows.ToDictionary(row => row.Id, row => Words.To<JobTracking>(row.Tracking));
    }

    private static async Task Unsubscribe(DbTransaction transaction, TrackerEvent[] events, CancellationToken cancellationToken)
    {
        foreach (var one in events.Where(one => one is { Kind: Reaction.Unsubscribe, RecipientId: not null }))
        {
            // A test is addressed to colleagues: their trying the link out is no wish of theirs.
            var address = await transaction.Connection!.ExecuteScalarAsync<string?>(new CommandDefinition(
                """
                SELECT recipient.normalized FROM delivery
                JOIN recipient ON recipient.recipients_id = delivery.recipients_id AND recipient.id = @RecipientId
                WHERE delivery.id = @JobId AND delivery.kind = 'job'
                """,
                new { one.RecipientId, one.JobId },
                transaction,
                cancellationToken: cancellationToken));
            var day = DateTimeOffset.FromUnixTimeMilliseconds(one.At).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            await (address is not null
                ? SuppressionStore.Add(transaction, [new SuppressedAddress(address, $"unsubscribed on {day}", "unsubscribe", one.At)])
                : LateWishes.Keep(transaction, one.JobId, one.RecipientId!.Value, "unsubscribe", $"unsubscribed on {day}", one.At));
        }
    }

    private static async Task SettleDoubts(DbTransaction transaction, TrackerEvent[] events, CancellationToken cancellationToken)
    {
        var jobs = events.Where(one => one.RecipientId is not null).Select(one => one.JobId).Distinct().ToList();
        var moves = new Dictionary<(long Job, Fate Fate), long>();
        var taken = new List<FateEvent>();
        foreach (var job in jobs)
        {
            var doubts = await transaction.Connection!.ExecuteScalarAsync<long?>(new CommandDefinition(
                "SELECT recipients FROM outcome_count WHERE job_id = @job AND fate = 6",
                new { job },
                transaction,
                cancellationToken: cancellationToken));
            if (doubts is null or 0)
            {
                continue;
            }

            foreach (var reaction in events.Where(one => one.JobId == job && one.RecipientId is not null).DistinctBy(one => one.RecipientId))
            {
                var recipient = reaction.RecipientId!.Value;
                var settled = await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                    """
                    UPDATE outcome SET fate = 1, reply = @reply
                    WHERE job_id = @job AND recipient_id = @recipient AND fate = 6 AND closed = 0
                    """,
                    new { reply = OutcomeStore.SettledByReaction, job, recipient },
                    transaction,
                    cancellationToken: cancellationToken));
                moves[(job, Fate.InDoubt)] = moves.GetValueOrDefault((job, Fate.InDoubt)) - settled;
                moves[(job, Fate.Accepted)] = moves.GetValueOrDefault((job, Fate.Accepted)) + settled;
                if (settled > 0)
                {
                    taken.Add(new FateEvent(job, recipient, Fate.Accepted, OutcomeStore.SettledByReaction, "", 1, reaction.At));
                }
            }
        }

        await OutcomeStore.SaveMoves(transaction, moves);
        await RecipientEvents.Write(transaction, taken, cancellationToken);
    }

    private static void InsertOnSqlite(SqliteTransaction transaction, long feed, long clockOffsetMs, TrackerEvent[] events)
    {
        using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText =
            """
            INSERT INTO tracker_event (feed, number, at, kind, job_id, link, recipient_id, user_agent, client_address, clock_offset_ms, trace)
            VALUES ($feed, $number, $at, $kind, $job, $link, $recipient, $agent, $client, $offset, $trace)
            """;
        command.Parameters.Add("$feed", SqliteType.Integer).Value = feed;
        command.Parameters.Add("$offset", SqliteType.Integer).Value = clockOffsetMs;
        var number = command.Parameters.Add("$number", SqliteType.Integer);
        var at = command.Parameters.Add("$at", SqliteType.Integer);
        var kind = command.Parameters.Add("$kind", SqliteType.Integer);
        var job = command.Parameters.Add("$job", SqliteType.Integer);
        var link = command.Parameters.Add("$link", SqliteType.Integer);
        var recipient = command.Parameters.Add("$recipient", SqliteType.Integer);
        var agent = command.Parameters.Add("$agent", SqliteType.Text);
        var client = command.Parameters.Add("$client", SqliteType.Text);
        var trace = command.Parameters.Add("$trace", SqliteType.Integer);
        command.Prepare();
        foreach (var one in events)
        {
            number.Value = one.Number;
            at.Value = one.At;
            kind.Value = (long)one.Kind;
            job.Value = one.JobId;
            link.Value = one.Link;
            recipient.Value = one.RecipientId is { } id ? id : DBNull.Value;
            agent.Value = one.UserAgent;
            client.Value = one.ClientAddress;
            trace.Value = one.Trace is { } apart ? apart : DBNull.Value;
            command.ExecuteNonQuery();
        }
    }

    private static async Task InsertOnPostgres(
        NpgsqlTransaction transaction, long feed, long clockOffsetMs, TrackerEvent[] events, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO tracker_event (feed, number, at, kind, job_id, link, recipient_id, user_agent, client_address, clock_offset_ms, trace)
            SELECT $10, number, at, kind, job, link, recipient, agent, client, $11, trace
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) AS one (number, at, kind, job, link, recipient, agent, client, trace)
            """,
            transaction.Connection,
            transaction);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(events, one => one.Number) });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(events, one => one.At) });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(events, one => (long)one.Kind) });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(events, one => one.JobId) });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(events, one => one.Link) });
        command.Parameters.Add(new NpgsqlParameter<long?[]> { TypedValue = Array.ConvertAll(events, one => one.RecipientId) });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(events, one => one.UserAgent) });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(events, one => one.ClientAddress) });
        command.Parameters.Add(new NpgsqlParameter<long?[]> { TypedValue = Array.ConvertAll(events, one => one.Trace) });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = feed });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = clockOffsetMs });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
