// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Tutti.Lui.Webhooks.Events;

/// <summary>
/// Where other slices leave what happened, in the transaction that makes it so: either both are committed or neither is. Only inserts,
/// so that no transaction waits for another one because of it.
/// </summary>
internal static class WebhookOutbox
{
    /// <summary>How data is written.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Leaves what happened, as far as some webhook wants to hear of it. The events are not even made if none does.</summary>
    public static async Task Write(DbTransaction transaction, IEnumerable<OutgoingEvent> events, CancellationToken cancellationToken)
    {
        var wanted = await Wanted(transaction, cancellationToken);
        if (wanted.Count == 0)
        {
            return;
        }

        var before = 0;
        foreach (var chunk in events.Where(one => wanted.Contains(one.Type)).Chunk(2000))
        {
            await Insert(transaction, chunk, before, cancellationToken);
            before += chunk.Length;
        }
    }

    /// <summary>Whether some webhook wants to hear of a type, for what is not to be had without work.</summary>
    public static async Task<bool> Wants(DbTransaction transaction, string type, CancellationToken cancellationToken) => (await Wanted(transaction, cancellationToken)).Contains(type);

    private static async Task<HashSet<string>> Wanted(DbTransaction transaction, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            "SELECT events FROM webhook WHERE is_on = 1", transaction: transaction, cancellationToken: cancellationToken)))
        .SelectMany(Webhook.Split).ToHashSet(StringComparer.Ordinal);

    private static async Task Insert(DbTransaction transaction, OutgoingEvent[] events, int before, CancellationToken cancellationToken)
    {
        var ids = Array.ConvertAll(events, one => $"evt_{Guid.CreateVersion7(one.At):N}");
        var data = Array.ConvertAll(events, one => JsonSerializer.Serialize(one.Data, Json));
        if (transaction is NpgsqlTransaction postgres)
        {
            await using var command = new NpgsqlCommand(
                """
                INSERT INTO webhook_outbox (event_id, position, type, at, job_id, recipient_id, data)
                SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
                """,
                postgres.Connection,
                postgres);
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = ids });
            command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. events.Select((one, index) => PositionOf(one, before + index))] });
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(events, one => one.Type) });
            command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(events, one => one.At.ToUnixTimeMilliseconds()) });
            command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(events, one => one.JobId) });
            command.Parameters.Add(new NpgsqlParameter<long?[]> { TypedValue = Array.ConvertAll(events, one => one.RecipientId) });
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = data });
            await command.ExecuteNonQueryAsync(cancellationToken);
            return;
        }

        await using var insert = (SqliteCommand)transaction.Connection!.CreateCommand();
        insert.Transaction = (SqliteTransaction)transaction;
        insert.CommandText =
            "INSERT INTO webhook_outbox (event_id, position, type, at, job_id, recipient_id, data) VALUES ($id, $position, $type, $at, $job, $recipient, $data)";
        var (id, position, type) = (insert.Parameters.Add("$id", SqliteType.Text), insert.Parameters.Add("$position", SqliteType.Integer), insert.Parameters.Add("$type", SqliteType.Text));
        var (at, job) = (insert.Parameters.Add("$at", SqliteType.Integer), insert.Parameters.Add("$job", SqliteType.Integer));
        var (recipient, text) = (insert.Parameters.Add("$recipient", SqliteType.Integer), insert.Parameters.Add("$data", SqliteType.Text));
        for (var index = 0; index < events.Length; index++)
        {
            var one = events[index];
            (id.Value, position.Value, type.Value, at.Value) = (ids[index], PositionOf(one, before + index), one.Type, one.At.ToUnixTimeMilliseconds());
            (job.Value, recipient.Value, text.Value) = (one.JobId, one.RecipientId is { } known ? known : DBNull.Value, data[index]);
            insert.ExecuteNonQuery();
        }
    }

    // By time, and what happened at the same moment or was written together in its order.
    private static long PositionOf(OutgoingEvent one, int index) => one.At.UtcTicks + one.Order + index;
}
