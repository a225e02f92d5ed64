// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Tutti.Lui.Webhooks.Events;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Fates;

/// <summary>
/// The fates of all recipients and the terms of the receipts. A fate is written once; only in doubt is followed by
/// another one. Counts move in the transaction that writes the fates, so that a receipt is a look-up, not a scan.
/// </summary>
internal sealed class OutcomeStore(Database database)
{
    /// <summary>The number that stands in the column feed where LUI itself decided.</summary>
    public const long OwnDecision = 0;

    /// <summary>The reply of a fate that a reaction settled.</summary>
    public const string SettledByReaction = "In doubt, until the recipient reacted to the message.";

    /// <summary>Writes fates within a transaction. Answers how many recipients got one that they did not have.</summary>
    public async Task<int> Add(DbTransaction transaction, IReadOnlyList<FateEvent> events, long feed, CancellationToken cancellationToken)
    {
        var repeated = new List<FateEvent>();
        var told = new List<FateEvent>(events.Count);
        var moves = new Dictionary<(long Job, Fate Fate), long>();

        // Whose rows are in an archive had a fate long ago: what comes now is told again, or settles a doubt.
        var archived = await Archived(transaction, events);
        repeated.AddRange(events.Where(one => archived.Contains(one.JobId)));
        foreach (var chunk in events.Where(one => !archived.Contains(one.JobId)).Chunk(2000))
        {
            var isNew = database.Dialect == Dialect.Postgres
                ? await InsertOnPostgres((NpgsqlTransaction)transaction, chunk, feed, cancellationToken)
                : InsertOnSqlite((SqliteTransaction)transaction, chunk, feed);
            for (var index = 0; index < chunk.Length; index++)
            {
                if (isNew[index])
                {
                    Move(moves, chunk[index].JobId, chunk[index].Fate, 1);
                    told.Add(chunk[index]);
                }
                else
                {
                    repeated.Add(chunk[index]);
                }
            }
        }

        told.AddRange(await SettleByEarlierReactions(transaction, events.Where(one => one.Fate == Fate.InDoubt).Except(repeated), moves));
        var changed = events.Count - repeated.Count;
        foreach (var later in repeated)
        {
            var settled = await Settle(transaction, later, feed, moves);
            changed += settled;
            if (settled > 0)
            {
                told.Add(later);
            }
        }

        await SaveMoves(transaction, moves);
        await RecipientEvents.Write(transaction, told, cancellationToken);
        return changed;
    }

    /// <summary>The terms of a delivery's receipt that are not zero.</summary>
    public async Task<IReadOnlyDictionary<Fate, long>> Count(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<CountRow>(new CommandDefinition(
            "SELECT fate, recipients FROM outcome_count WHERE job_id = @jobId AND recipients <> 0",
            new { jobId },
            cancellationToken: cancellationToken));
        return rows.ToDictionary(row => (Fate)row.Fate, row => row.Recipients);
    }

    /// <summary>Adds to the counts, for fates that another store wrote in the same transaction.</summary>
    public static async Task SaveMoves(DbTransaction transaction, IReadOnlyDictionary<(long Job, Fate Fate), long> moves)
    {
        // In one order everywhere: two transactions that touch the same rows must not wait for each other crosswise.
        foreach (var (key, recipients) in moves.Where(move => move.Value != 0).OrderBy(move => move.Key))
        {
            await transaction.Connection!.ExecuteAsync(
                """
                INSERT INTO outcome_count (job_id, fate, recipients) VALUES (@Job, @fate, @recipients)
                ON CONFLICT (job_id, fate) DO UPDATE SET recipients = outcome_count.recipients + excluded.recipients
                """,
                new { key.Job, fate = (long)key.Fate, recipients },
                transaction);
        }
    }

    private static async Task<int> Settle(DbTransaction transaction, FateEvent later, long feed, Dictionary<(long Job, Fate Fate), long> moves)
    {
        if (later.Fate == Fate.InDoubt)
        {
            return 0;
        }

        var settled = await transaction.Connection!.ExecuteAsync(
            """
            UPDATE outcome SET fate = @fate, reply = @Reply, host = @Host, attempts = @Attempts, at = @At, feed = @feed
            WHERE job_id = @JobId AND recipient_id = @RecipientId AND fate = 6 AND closed = 0
            """,
            new { fate = (long)later.Fate, later.Reply, later.Host, later.Attempts, later.At, feed, later.JobId, later.RecipientId },
            transaction);
        if (settled > 0)
        {
            Move(moves, later.JobId, Fate.InDoubt, -1);
            Move(moves, later.JobId, later.Fate, 1);
        }

        return settled;
    }

    /// <summary>A reaction or a bounce may come home before the doubt does: who opened or clicked has plainly got the message, and what came back was taken.</summary>
    private static async Task<List<FateEvent>> SettleByEarlierReactions(DbTransaction transaction, IEnumerable<FateEvent> doubts, Dictionary<(long Job, Fate Fate), long> moves)
    {
        var taken = new List<FateEvent>();
        foreach (var doubt in doubts)
        {
            var settled = await transaction.Connection!.ExecuteAsync(
                """
                UPDATE outcome SET fate = 1, reply = @reply
                WHERE job_id = @JobId AND recipient_id = @RecipientId AND fate = 6 AND closed = 0
                  AND (EXISTS (SELECT 1 FROM tracker_event WHERE tracker_event.job_id = @JobId AND tracker_event.recipient_id = @RecipientId)
                    OR EXISTS (SELECT 1 FROM came_back WHERE came_back.job_id = @JobId AND came_back.recipient_id = @RecipientId))
                """,
                new { reply = SettledByReaction, doubt.JobId, doubt.RecipientId },
                transaction);
            Move(moves, doubt.JobId, Fate.InDoubt, -settled);
            Move(moves, doubt.JobId, Fate.Accepted, settled);
            if (settled > 0)
            {
                taken.Add(doubt with { Fate = Fate.Accepted, Reply = SettledByReaction });
            }
        }

        return taken;
    }

    private async Task<HashSet<long>> Archived(DbTransaction transaction, IReadOnlyList<FateEvent> events)
    {
        var jobs = events.Select(one => one.JobId).Distinct().ToArray();
        return jobs.Length == 0
            ? []
            : [.. await transaction.Connection!.QueryAsync<long>(
                $"SELECT delivery.id FROM delivery JOIN job ON job.id = delivery.job_id WHERE job.state = 'archived' AND delivery.id {(database.Dialect == Dialect.Postgres ? "= ANY (@jobs)" : "IN @jobs")}", new { jobs }, transaction)];
    }

    private static void Move(Dictionary<(long Job, Fate Fate), long> moves, long job, Fate fate, long by) =>
        moves[(job, fate)] = moves.GetValueOrDefault((job, fate)) + by;

    private static bool[] InsertOnSqlite(SqliteTransaction transaction, FateEvent[] events, long feed)
    {
        using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText =
            """
            INSERT INTO outcome (job_id, recipient_id, fate, reply, host, attempts, at, feed)
            VALUES ($job, $recipient, $fate, $reply, $host, $attempts, $at, $feed)
            ON CONFLICT (job_id, recipient_id) DO NOTHING
            """;
        var job = command.Parameters.Add("$job", SqliteType.Integer);
        var recipient = command.Parameters.Add("$recipient", SqliteType.Integer);
        var fate = command.Parameters.Add("$fate", SqliteType.Integer);
        var reply = command.Parameters.Add("$reply", SqliteType.Text);
        var host = command.Parameters.Add("$host", SqliteType.Text);
        var attempts = command.Parameters.Add("$attempts", SqliteType.Integer);
        var at = command.Parameters.Add("$at", SqliteType.Integer);
        command.Parameters.Add("$feed", SqliteType.Integer).Value = feed;
        command.Prepare();

        var isNew = new bool[events.Length];
        for (var index = 0; index < events.Length; index++)
        {
            var one = events[index];
            job.Value = one.JobId;
            recipient.Value = one.RecipientId;
            fate.Value = (long)one.Fate;
            reply.Value = one.Reply;
            host.Value = one.Host;
            attempts.Value = one.Attempts;
            at.Value = one.At;
            isNew[index] = command.ExecuteNonQuery() == 1;
        }

        return isNew;
    }

    private static async Task<bool[]> InsertOnPostgres(NpgsqlTransaction transaction, FateEvent[] events, long feed, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO outcome (job_id, recipient_id, fate, reply, host, attempts, at, feed)
            SELECT job, recipient, fate, reply, host, attempts, at, $8
            FROM unnest($1, $2, $3, $4, $5, $6, $7) AS one (job, recipient, fate, reply, host, attempts, at)
            ON CONFLICT (job_id, recipient_id) DO NOTHING
            RETURNING job_id, recipient_id
            """,
            transaction.Connection,
            transaction);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(events, one => one.JobId) });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(events, one => one.RecipientId) });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(events, one => (long)one.Fate) });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(events, one => one.Reply) });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(events, one => one.Host) });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(events, one => one.Attempts) });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(events, one => one.At) });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = feed });

        var inserted = new HashSet<(long, long)>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                inserted.Add((reader.GetInt64(0), reader.GetInt64(1)));
            }
        }

        // The first of two events for one recipient in a batch is the one that was inserted.
        return Array.ConvertAll(events, one => inserted.Remove((one.JobId, one.RecipientId)));
    }

    private sealed record CountRow(long Fate, long Recipients);
}
