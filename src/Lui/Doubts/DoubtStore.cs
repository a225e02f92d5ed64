// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Fates;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Doubts;

/// <summary>Recipients in doubt, and what people decided about them.</summary>
internal sealed class DoubtStore(Database database)
{
    // A message to a distributor stays small whatever is merged into it.
    private const int BatchSize = 100;

    /// <summary>A page of those in doubt behind an id, in the order of the ids.</summary>
    public async Task<IReadOnlyList<Doubt>> List(Delivery.Delivery delivery, long after, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT outcome.recipient_id AS Id, recipient.address, outcome.host, outcome.at, outcome.reply, outcome.attempts, outcome.closed
            FROM outcome JOIN recipient ON recipient.recipients_id = @RecipientsId AND recipient.id = outcome.recipient_id
            WHERE outcome.job_id = @Id AND outcome.fate = 6 AND outcome.recipient_id > @after
            ORDER BY outcome.recipient_id LIMIT @limit
            """,
            new { delivery.Id, delivery.RecipientsId, after, limit },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToDoubt())];
    }

    /// <summary>How many there are.</summary>
    public async Task<DoubtCounts> Count(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var (all, closed) = await connection.QuerySingleAsync<(long All, long Closed)>(new CommandDefinition(
            "SELECT COUNT(*) AS all_of_them, CAST(COALESCE(SUM(closed), 0) AS BIGINT) AS closed FROM outcome WHERE job_id = @jobId AND fate = 6",
            new { jobId },
            cancellationToken: cancellationToken));
        return new DoubtCounts(all - closed, closed);
    }

    /// <summary>Makes doubts final, within a transaction.</summary>
    /// <returns>How many: those that were in doubt still.</returns>
    public async Task<int> Close(DbTransaction transaction, long jobId, IReadOnlyList<long>? recipients, Actor who, DateTimeOffset now)
    {
        var ids = await Decide(transaction, jobId, recipients, batch: 0, who, now, int.MaxValue);
        foreach (var some in ids.Chunk(1000))
        {
            await transaction.Connection!.ExecuteAsync(
                $"UPDATE outcome SET closed = 1 WHERE job_id = @jobId AND recipient_id {Among} AND fate = 6", new { jobId, ids = some }, transaction);
        }

        return ids.Count;
    }

    /// <summary>
    /// Takes the doubts back, so that the recipients wait again, and fixes the batches that bring them to the distributors that had them: all of it
    /// within a transaction, so that nobody is forgotten and nobody sent to twice by one decision, whatever is killed afterwards.
    /// </summary>
    /// <returns>How many: those that were in doubt still.</returns>
    public async Task<int> Repeat(DbTransaction transaction, long jobId, IReadOnlyList<long>? recipients, Actor who, DateTimeOffset now)
    {
        var connection = transaction.Connection!;
        var number = await connection.ExecuteScalarAsync<long>("SELECT batches FROM delivery WHERE id = @jobId", new { jobId }, transaction);
        var count = 0;
        while (await Decide(transaction, jobId, recipients, batch: -1, who, now, BatchSize) is { Count: > 0 } ids)
        {
            foreach (var distributor in await Holders(transaction, jobId, ids))
            {
                number++;
                await connection.ExecuteAsync(
                    $"UPDATE doubt_decision SET batch = @number WHERE delivery_id = @jobId AND batch = -1 AND recipient_id {Among}",
                    new { jobId, number, ids = distributor.ToArray() },
                    transaction);
                await connection.ExecuteAsync(
                    """
                    INSERT INTO delivery_batch (delivery_id, number, component_id, after_id, last_id, size, repeats)
                    VALUES (@jobId, @number, @component, 0, 0, @size, 1)
                    """,
                    new { jobId, number, component = distributor.Key, size = distributor.Count() },
                    transaction);
            }

            await connection.ExecuteAsync($"DELETE FROM outcome WHERE job_id = @jobId AND recipient_id {Among} AND fate = 6", new { jobId, ids = ids.ToArray() }, transaction);
            count += ids.Count;
        }

        await OutcomeStore.SaveMoves(transaction, new Dictionary<(long Job, Fate Fate), long> { [(jobId, Fate.InDoubt)] = -count });
        await connection.ExecuteAsync("UPDATE delivery SET batches = @number WHERE id = @jobId", new { jobId, number }, transaction);
        return count;
    }

    /// <summary>Who is in a batch of repetitions.</summary>
    public async Task<IReadOnlyList<long>> InBatch(long deliveryId, long batch, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return (await connection.QueryAsync<long>(new CommandDefinition(
            "SELECT recipient_id FROM doubt_decision WHERE delivery_id = @deliveryId AND batch = @batch ORDER BY recipient_id",
            new { deliveryId, batch },
            cancellationToken: cancellationToken))).AsList();
    }

    // What settles doubts by itself waits until the decision is written, and finds none then.
    private string ForUpdate => database.Dialect == Dialect.Postgres ? "FOR UPDATE" : "";

    private string Among => database.Dialect == Dialect.Postgres ? "= ANY (@ids)" : "IN @ids";

    /// <summary>Writes a decision down for those who are in doubt at this moment; null means all of them.</summary>
    private async Task<IReadOnlyList<long>> Decide(
        DbTransaction transaction, long jobId, IReadOnlyList<long>? recipients, long batch, Actor who, DateTimeOffset now, int most)
    {
        var connection = transaction.Connection!;
        var found = new List<long>();
        foreach (var some in recipients?.Distinct().Chunk(1000) ?? [[]])
        {
            found.AddRange(await connection.QueryAsync<long>(
                $"""
                SELECT recipient_id FROM outcome WHERE job_id = @jobId AND fate = 6 AND closed = 0 {(recipients is null ? "" : $"AND recipient_id {Among}")}
                ORDER BY recipient_id LIMIT @most {ForUpdate}
                """,
                new { jobId, ids = some, most = most - found.Count },
                transaction));
        }

        foreach (var some in found.Chunk(1000))
        {
            await connection.ExecuteAsync(
                $"""
                INSERT INTO doubt_decision (delivery_id, recipient_id, batch, at, by_id, by_name, doubt_at, host, reply)
                SELECT job_id, recipient_id, @batch, @now, @Id, @Name, at, host, reply FROM outcome WHERE job_id = @jobId AND recipient_id {Among}
                """,
                new { jobId, ids = some, batch, now = now.ToUnixTimeMilliseconds(), who.Id, who.Name },
                transaction);
        }

        return found;
    }

    /// <summary>The recipients by the distributor that has them.</summary>
    private async Task<IEnumerable<IGrouping<long, long>>> Holders(DbTransaction transaction, long jobId, IReadOnlyList<long> ids)
    {
        var rows = await transaction.Connection!.QueryAsync<(long Component, long Recipient)>(
            $"""
            SELECT batch.component_id, outcome.recipient_id FROM outcome
            LEFT JOIN delivery_order placed ON placed.delivery_id = outcome.job_id AND placed.recipient_id = outcome.recipient_id
            JOIN delivery_batch batch ON batch.delivery_id = outcome.job_id AND batch.repeats = 0
                AND batch.after_id < COALESCE(placed.position, outcome.recipient_id) AND batch.last_id >= COALESCE(placed.position, outcome.recipient_id)
            WHERE outcome.job_id = @jobId AND outcome.recipient_id {Among}
            ORDER BY batch.component_id, outcome.recipient_id
            """,
            new { jobId, ids = ids.ToArray() },
            transaction);
        return rows.GroupBy(row => row.Component, row => row.Recipient);
    }

    private sealed record Row
    {
        public long Id { get; init; }

        public string Address { get; init; } = "";

        public string Host { get; init; } = "";

        public long At { get; init; }

        public string Reply { get; init; } = "";

        public long Attempts { get; init; }

        public long Closed { get; init; }

        public Doubt ToDoubt() => new(Id, Address, Host, DateTimeOffset.FromUnixTimeMilliseconds(At), Reply, Attempts, Closed != 0);
    }
}
