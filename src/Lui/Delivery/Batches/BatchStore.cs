// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Delivery.Batches;

/// <summary>A batch whose content and addressee are fixed.</summary>
/// <param name="DeliveryId">The delivery.</param>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="ComponentId">The distributor that gets it, and no other.</param>
/// <param name="AfterId">Its recipients have larger ids than this one.</param>
/// <param name="LastId">Its last recipient.</param>
/// <param name="Size">How many recipients it holds.</param>
/// <param name="Repeats">1 if it sends to recipients again who were in doubt; those are listed with the decision. Else 0.</param>
internal sealed record Batch(long DeliveryId, long Number, long ComponentId, long AfterId, long LastId, long Size, long Repeats = 0);

/// <summary>What is fixed of a delivery's hand-over: batches, and what each distributor knows.</summary>
internal sealed class BatchStore(Database database, TimeProvider clock)
{
    /// <summary>
    /// Fixes the next batch within the transaction that decides who is in it. False if the course was changed or
    /// another worker was faster: then nothing may be kept.
    /// </summary>
    public static async Task<bool> Fix(DbTransaction transaction, Batch batch, CancellationToken cancellationToken)
    {
        var claimed = await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            UPDATE delivery SET claimed_to = @LastId, batches = @Number
            WHERE id = @DeliveryId AND claimed_to = @AfterId AND batches = @Number - 1 AND course = 'run'
            """,
            batch,
            transaction,
            cancellationToken: cancellationToken));
        if (claimed == 0)
        {
            return false;
        }

        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO delivery_batch (delivery_id, number, component_id, after_id, last_id, size)
            VALUES (@DeliveryId, @Number, @ComponentId, @AfterId, @LastId, @Size)
            """,
            batch,
            transaction,
            cancellationToken: cancellationToken));
        return true;
    }

    /// <summary>Moves past recipients of whom none is handed over: withdrawn, or all with a fate of LUI's own.</summary>
    public static async Task<bool> Skip(
        DbTransaction transaction, long deliveryId, long afterId, long lastId, Course course, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE delivery SET claimed_to = @lastId WHERE id = @deliveryId AND claimed_to = @afterId AND course = @course",
            new { deliveryId, afterId, lastId, course = Words.Of(course) },
            transaction,
            cancellationToken: cancellationToken)) > 0;

    /// <summary>Batches that their addressee has not confirmed, in order.</summary>
    public async Task<IReadOnlyList<Batch>> Unconfirmed(long deliveryId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return (await connection.QueryAsync<Batch>(new CommandDefinition(
            """
            SELECT delivery_id AS DeliveryId, number, component_id AS ComponentId, after_id AS AfterId, last_id AS LastId, size, repeats
            FROM delivery_batch WHERE delivery_id = @deliveryId AND confirmed_at IS NULL ORDER BY number
            """,
            new { deliveryId },
            cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>Remembers that a batch is on its addressee's disk.</summary>
    public Task Confirm(Batch batch, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE delivery_batch SET confirmed_at = @now WHERE delivery_id = @DeliveryId AND number = @Number AND confirmed_at IS NULL",
            new { batch.DeliveryId, batch.Number, now = clock.GetUtcNow().ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>The distributors that got recipients of a delivery, or will.</summary>
    public async Task<IReadOnlyList<long>> Addressees(long deliveryId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return (await connection.QueryAsync<long>(new CommandDefinition(
            "SELECT DISTINCT component_id FROM delivery_batch WHERE delivery_id = @deliveryId", new { deliveryId }, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>How many recipients of a distributor's batches have no fate yet.</summary>
    public async Task<long> Unsettled(long deliveryId, long componentId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var isPlaced = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM delivery_order WHERE delivery_id = @deliveryId AND position = 1", new { deliveryId }, cancellationToken: cancellationToken)) > 0;
        var settled = isPlaced
            ? """
              delivery_order placed JOIN outcome ON outcome.job_id = placed.delivery_id AND outcome.recipient_id = placed.recipient_id
              WHERE placed.delivery_id = batch.delivery_id AND placed.position > batch.after_id AND placed.position <= batch.last_id
              """
            : "outcome WHERE outcome.job_id = batch.delivery_id AND outcome.recipient_id > batch.after_id AND outcome.recipient_id <= batch.last_id";
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"""
            SELECT COALESCE(SUM(batch.size - (SELECT COUNT(*) FROM {settled} AND outcome.feed <> 0)), 0)
            FROM delivery_batch batch WHERE batch.delivery_id = @deliveryId AND batch.component_id = @componentId AND batch.repeats = 0
            """,
            new { deliveryId, componentId },
            cancellationToken: cancellationToken));
    }

    /// <summary>Which distributors have the content, and the last command each confirmed.</summary>
    public async Task<IReadOnlyDictionary<long, long>> Opened(long deliveryId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long ComponentId, long CourseNumber)>(new CommandDefinition(
            "SELECT component_id, course_number FROM delivery_distributor WHERE delivery_id = @deliveryId",
            new { deliveryId },
            cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.ComponentId, row => row.CourseNumber);
    }

    /// <summary>Remembers that a distributor has the content, and up to which command it knows the course.</summary>
    public Task SaveOpened(long deliveryId, long componentId, string feed, long courseNumber, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO delivery_distributor (delivery_id, component_id, feed, course_number) VALUES (@deliveryId, @componentId, @feed, @courseNumber)
            ON CONFLICT (delivery_id, component_id) DO UPDATE SET feed = excluded.feed, course_number = excluded.course_number
            """,
            new { deliveryId, componentId, feed, courseNumber },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Remembers the last command that a distributor confirmed.</summary>
    public Task SaveDirected(long deliveryId, long componentId, long courseNumber, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            UPDATE delivery_distributor SET course_number = @courseNumber
            WHERE delivery_id = @deliveryId AND component_id = @componentId AND course_number < @courseNumber
            """,
            new { deliveryId, componentId, courseNumber },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Forgets that a distributor has the content: its store was replaced.</summary>
    public Task Forget(long deliveryId, long componentId, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "DELETE FROM delivery_distributor WHERE delivery_id = @deliveryId AND component_id = @componentId",
            new { deliveryId, componentId },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);
}
