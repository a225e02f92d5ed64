// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Tutti.Lui.Fates;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.OnDemand;

/// <summary>Which jobs take recipients one by one, and who came.</summary>
internal sealed class OnDemandStore(Database database)
{
    private string ForUpdate => database.Dialect == Dialect.Postgres ? "FOR UPDATE" : "";

    /// <summary>Whether a job takes recipients one by one.</summary>
    public async Task<bool> IsChosen(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM on_demand_job WHERE job_id = @jobId", new { jobId }, cancellationToken: cancellationToken)) > 0;
    }

    /// <summary>Decides whether a job does.</summary>
    public static Task Choose(DbTransaction transaction, long jobId, bool chosen, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            chosen ? "INSERT INTO on_demand_job (job_id) VALUES (@jobId) ON CONFLICT (job_id) DO NOTHING" : "DELETE FROM on_demand_job WHERE job_id = @jobId",
            new { jobId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>The open door of a delivery: held until the transaction ends, so that recipients get their numbers one after the other. Null if no more may come.</summary>
    public async Task<Door?> Hold(DbTransaction transaction, long jobId, CancellationToken cancellationToken)
    {
        var row = await transaction.Connection!.QuerySingleOrDefaultAsync<(long RecipientsId, long LastId)?>(new CommandDefinition(
            $"""
            SELECT recipients_id, last_id FROM delivery
            WHERE id = @jobId AND on_demand = 1 AND EXISTS (SELECT 1 FROM job WHERE job.id = @jobId AND job.state = 'processing') {ForUpdate}
            """,
            new { jobId },
            transaction,
            cancellationToken: cancellationToken));
        if (row is not { } found)
        {
            return null;
        }

        var source = await transaction.Connection!.QuerySingleAsync<(string Columns, long AddressColumn, long? NameColumn)>(new CommandDefinition(
            "SELECT columns, address_column, name_column FROM recipient_source WHERE id = @RecipientsId", new { found.RecipientsId }, transaction, cancellationToken: cancellationToken));
        return new Door(found.RecipientsId, found.LastId, JsonSerializer.Deserialize<string[]>(source.Columns)!, (int)source.AddressColumn, (int?)source.NameColumn);
    }

    /// <summary>Adds a recipient behind the last one; the delivery goes on with it at its next look.</summary>
    public static async Task Add(
        DbTransaction transaction, long jobId, Door door, Recipient recipient, string? reference, Actor who, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO recipient (recipients_id, id, address, normalized, display_name, fields) VALUES (@RecipientsId, @Id, @Address, @Normalized, @DisplayName, @fields)",
            new { door.RecipientsId, recipient.Id, recipient.Address, recipient.Normalized, recipient.DisplayName, fields = JsonSerializer.Serialize(recipient.Fields) },
            transaction,
            cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO on_demand_message (job_id, recipient_id, reference, by_name, at) VALUES (@jobId, @Id, @reference, @Name, @at)",
            new { jobId, recipient.Id, reference, who.Name, at = now.ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE delivery SET last_id = @Id, planned = planned + 1 WHERE id = @jobId", new { jobId, recipient.Id }, transaction, cancellationToken: cancellationToken));
    }

    /// <summary>No more will come. False if none could.</summary>
    public static async Task<bool> End(DbTransaction transaction, long jobId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE delivery SET on_demand = 2 WHERE id = @jobId AND on_demand = 1", new { jobId }, transaction, cancellationToken: cancellationToken)) == 1;

    /// <summary>The message with a reference, within a transaction; null if there is none.</summary>
    public static Task<long?> WithReference(DbTransaction transaction, long jobId, string reference, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteScalarAsync<long?>(new CommandDefinition(
            "SELECT recipient_id FROM on_demand_message WHERE job_id = @jobId AND reference = @reference", new { jobId, reference }, transaction, cancellationToken: cancellationToken));

    /// <summary>One message with what became of it, or null.</summary>
    public async Task<SentMessage?> Find(long jobId, long number, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            SELECT m.recipient_id AS Number, m.reference AS Reference, m.at AS At, recipient.address AS Address, outcome.fate AS Fate, outcome.reply AS Reply, outcome.at AS FateAt
            FROM on_demand_message m
            JOIN delivery ON delivery.id = m.job_id
            JOIN recipient ON recipient.recipients_id = delivery.recipients_id AND recipient.id = m.recipient_id
            LEFT JOIN outcome ON outcome.job_id = m.job_id AND outcome.recipient_id = m.recipient_id
            WHERE m.job_id = @jobId AND m.recipient_id = @number
            """,
            new { jobId, number },
            cancellationToken: cancellationToken));
        return row is null
            ? null
            : new SentMessage(
                row.Number,
                row.Reference,
                row.Address,
                DateTimeOffset.FromUnixTimeMilliseconds(row.At),
                (Fate)(row.Fate ?? 0),
                row.Reply,
                row.FateAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null);
    }

    /// <summary>A job was deleted.</summary>
    public static Task Forget(DbTransaction transaction, long jobId, CancellationToken cancellationToken) => Choose(transaction, jobId, chosen: false, cancellationToken);

    /// <summary>Where recipients come in.</summary>
    /// <param name="RecipientsId">The set they go into.</param>
    /// <param name="LastId">Number of the last one.</param>
    /// <param name="Columns">Names of its columns.</param>
    /// <param name="AddressColumn">Index of the column with the address.</param>
    /// <param name="NameColumn">Index of the column with the name, or null.</param>
    public sealed record Door(long RecipientsId, long LastId, IReadOnlyList<string> Columns, int AddressColumn, int? NameColumn);

    private sealed class Row
    {
        public long Number { get; set; }

        public string? Reference { get; set; }

        public long At { get; set; }

        public string Address { get; set; } = "";

        public long? Fate { get; set; }

        public string? Reply { get; set; }

        public long? FateAt { get; set; }
    }
}

/// <summary>A message to one recipient, and what became of it.</summary>
/// <param name="Number">The recipient's number in the job.</param>
/// <param name="Reference">The caller's own name for it.</param>
/// <param name="Address">Who gets it.</param>
/// <param name="At">When it came.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Reply">In whose words.</param>
/// <param name="FateAt">When.</param>
internal sealed record SentMessage(long Number, string? Reference, string Address, DateTimeOffset At, Fate Fate, string? Reply, DateTimeOffset? FateAt);
