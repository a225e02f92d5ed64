// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Jobs.Codes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Webhooks;

/// <summary>The webhooks.</summary>
internal sealed class WebhookStore(Database database)
{
    private const string Columns =
        """
        id AS Id, name AS Name, url AS Url, events AS Events, is_on AS IsOn, off_reason AS OffReason, secret AS Secret, former_secret AS FormerSecret,
        former_until AS FormerUntil, failures AS Failures, failing_since AS FailingSince, paused_to AS PausedTo, created_at AS CreatedAt, created_by AS CreatedBy
        """;

    /// <summary>All of them, the oldest first.</summary>
    public async Task<IReadOnlyList<Webhook>> List(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition($"SELECT {Columns} FROM webhook ORDER BY id", cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToWebhook())];
    }

    /// <summary>One by its number, or null.</summary>
    public async Task<Webhook?> Find(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM webhook WHERE id = @id", new { id }, cancellationToken: cancellationToken));
        return row?.ToWebhook();
    }

    /// <summary>Keeps a new one; answers its number.</summary>
    public Task<long> Add(Webhook webhook, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var id = await NumberSequence.Next(transaction, NumberSequence.Webhook, cancellationToken);
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO webhook (id, name, url, events, is_on, off_reason, secret, former_secret, former_until, last_number, failures, failing_since, paused_to, created_at, created_by)
                VALUES (@id, @Name, @Url, @events, 1, '', @Secret, '', NULL, 0, 0, NULL, NULL, @at, @CreatedBy)
                """,
                new { id, webhook.Name, webhook.Url, events = string.Join(',', webhook.Events), webhook.Secret, at = webhook.CreatedAt.ToUnixTimeMilliseconds(), webhook.CreatedBy },
                transaction,
                cancellationToken: cancellationToken));
            return id;
        },
        cancellationToken);

    /// <summary>Changes what people decide about one: it is tried at once.</summary>
    public Task Change(long id, string name, string url, IReadOnlyList<string> events, bool isOn, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            UPDATE webhook SET name = @name, url = @url, events = @words, is_on = @on, off_reason = '', failures = 0, failing_since = NULL, paused_to = NULL WHERE id = @id
            """,
            new { id, name, url, words = string.Join(',', events), on = isOn ? 1L : 0L },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Puts a new secret in the place of the one that signs.</summary>
    public Task Rotate(long id, string secret, DateTimeOffset formerUntil, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE webhook SET former_secret = secret, former_until = @until, secret = @secret WHERE id = @id",
            new { id, secret, until = formerUntil.ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Removes one with its messages, those that wait too.</summary>
    public Task Remove(long id, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "DELETE FROM webhook WHERE id = @id; DELETE FROM webhook_message WHERE webhook_id = @id; DELETE FROM webhook_attempt WHERE webhook_id = @id",
            new { id },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Notes that it took something.</summary>
    public static Task Answers(DbTransaction transaction, long id, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE webhook SET failures = 0, failing_since = NULL, paused_to = NULL WHERE id = @id AND failures <> 0", new { id }, transaction, cancellationToken: cancellationToken));

    /// <summary>Notes that it took nothing, and until when it is left alone.</summary>
    public static Task Fails(DbTransaction transaction, long id, DateTimeOffset now, DateTimeOffset pausedTo, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE webhook SET failures = failures + 1, failing_since = COALESCE(failing_since, @now), paused_to = @to WHERE id = @id",
            new { id, now = now.ToUnixTimeMilliseconds(), to = pausedTo.ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Switches one off because nothing is to be had there. What waits is kept.</summary>
    public static Task SwitchOff(DbTransaction transaction, long id, string reason, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE webhook SET is_on = 0, off_reason = @reason WHERE id = @id AND is_on = 1", new { id, reason }, transaction, cancellationToken: cancellationToken));

    private sealed class Row
    {
        public long Id { get; set; }

        public string Name { get; set; } = "";

        public string Url { get; set; } = "";

        public string Events { get; set; } = "";

        public long IsOn { get; set; }

        public string OffReason { get; set; } = "";

        public string Secret { get; set; } = "";

        public string FormerSecret { get; set; } = "";

        public long? FormerUntil { get; set; }

        public long Failures { get; set; }

        public long? FailingSince { get; set; }

        public long? PausedTo { get; set; }

        public long CreatedAt { get; set; }

        public string CreatedBy { get; set; } = "";

        public Webhook ToWebhook() => new(
            Id, Name, Url, Webhook.Split(Events), IsOn == 1, OffReason, Secret, FormerSecret, Moment(FormerUntil), (int)Failures, Moment(FailingSince), Moment(PausedTo),
            Moment(CreatedAt)!.Value, CreatedBy);

        private static DateTimeOffset? Moment(long? at) => at is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
    }
}
