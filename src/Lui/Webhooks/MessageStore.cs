// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Webhooks;

/// <summary>The messages of all webhooks: what waits, and the log of what was sent.</summary>
internal sealed class MessageStore(Database database)
{
    // The address is read when it is needed and is kept nowhere else.
    private const string Select =
        """
        SELECT m.webhook_id AS WebhookId, m.number AS Number, m.event_id AS EventId, m.type AS Type, m.at AS At, m.job_id AS JobId, m.recipient_id AS RecipientId, m.data AS Data, m.state AS State,
            m.attempts AS Attempts, m.series_from AS SeriesFrom, m.queued_at AS QueuedAt, m.next_at AS NextAt, m.status AS Status, m.answer AS Answer, m.took_ms AS TookMs,
            m.tried_at AS TriedAt, job.code AS JobCode, recipient.address AS Address
        FROM webhook_message m
        LEFT JOIN job ON job.id = m.job_id
        LEFT JOIN delivery ON delivery.id = m.job_id AND m.recipient_id IS NOT NULL
        LEFT JOIN recipient ON recipient.recipients_id = delivery.recipients_id AND recipient.id = m.recipient_id
        """;

    /// <summary>Messages of a webhook whose time has come, the first first.</summary>
    public async Task<IReadOnlyList<WebhookMessage>> Due(long webhookId, DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"{Select} WHERE m.webhook_id = @webhookId AND m.state = 'waiting' AND m.next_at <= @at ORDER BY m.next_at, m.number LIMIT @most",
            new { webhookId, at = now.ToUnixTimeMilliseconds(), most },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToMessage())];
    }

    /// <summary>The message that waits longest, whether its own time has come or not; null if none waits.</summary>
    public async Task<WebhookMessage?> Oldest(long webhookId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"{Select} WHERE m.webhook_id = @webhookId AND m.number = (SELECT MIN(number) FROM webhook_message WHERE webhook_id = @webhookId AND state = 'waiting')",
            new { webhookId },
            cancellationToken: cancellationToken));
        return row?.ToMessage();
    }

    /// <summary>Lets all that failed while a webhook took nothing come at once, in its old place before what came later.</summary>
    public static Task TakePlacesAgain(DbTransaction transaction, long webhookId, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
        "UPDATE webhook_message SET next_at = queued_at WHERE webhook_id = @webhookId AND state = 'waiting' AND attempts > series_from AND (status IS NULL OR status >= 500)",
        new { webhookId },
        transaction,
        cancellationToken: cancellationToken));

    /// <summary>A page of a webhook's log, the newest first.</summary>
    /// <param name="webhookId">The webhook.</param>
    /// <param name="state">Only those; null for all.</param>
    /// <param name="before">Only those with smaller numbers.</param>
    /// <param name="most">How many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<WebhookMessage>> List(long webhookId, MessageState? state, long before, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var only = state is null ? "" : "AND m.state = @state";
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"{Select} WHERE m.webhook_id = @webhookId {only} AND m.number < @before ORDER BY m.number DESC LIMIT @most",
            new { webhookId, state = state is { } one ? Words.Of(one) : "", before, most },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToMessage())];
    }

    /// <summary>One message, or null.</summary>
    public async Task<WebhookMessage?> Find(long webhookId, long number, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"{Select} WHERE m.webhook_id = @webhookId AND m.number = @number", new { webhookId, number }, cancellationToken: cancellationToken));
        return row?.ToMessage();
    }

    /// <summary>All attempts of a message, the first first; the last one lies in the message itself.</summary>
    public async Task<IReadOnlyList<WebhookAttempt>> Attempts(WebhookMessage message, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Attempt, long At, long? Status, string Answer, long TookMs)>(new CommandDefinition(
            "SELECT attempt, at, status, answer, took_ms FROM webhook_attempt WHERE webhook_id = @WebhookId AND number = @Number ORDER BY attempt",
            new { message.WebhookId, message.Number },
            cancellationToken: cancellationToken));
        List<WebhookAttempt> attempts =
            [.. rows.Select(row => new WebhookAttempt((int)row.Attempt, DateTimeOffset.FromUnixTimeMilliseconds(row.At), (int?)row.Status, row.Answer, row.TookMs))];
        if (message.TriedAt is { } tried)
        {
            attempts.Add(new WebhookAttempt(message.Attempts, tried, message.Status, message.Answer, message.TookMs ?? 0));
        }

        return attempts;
    }

    /// <summary>How many messages of every webhook stand where.</summary>
    public async Task<ILookup<long, (MessageState State, long Messages)>> Count(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long WebhookId, string State, long Messages)>(new CommandDefinition(
            "SELECT webhook_id, state, COUNT(*) FROM webhook_message GROUP BY webhook_id, state", cancellationToken: cancellationToken));
        return rows.ToLookup(row => row.WebhookId, row => (Words.To<MessageState>(row.State), row.Messages));
    }

    /// <summary>Notes what became of an attempt; the attempt before it goes into the list of attempts. A message that was removed meanwhile stays so.</summary>
    public static async Task Tried(DbTransaction transaction, WebhookMessage message, WebhookAttempt attempt, MessageState state, DateTimeOffset nextAt, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO webhook_attempt (webhook_id, number, attempt, at, status, answer, took_ms)
            SELECT webhook_id, number, attempts, tried_at, status, answer, COALESCE(took_ms, 0) FROM webhook_message
            WHERE webhook_id = @WebhookId AND number = @Number AND tried_at IS NOT NULL
            ON CONFLICT (webhook_id, number, attempt) DO NOTHING
            """,
            new { message.WebhookId, message.Number },
            transaction,
            cancellationToken: cancellationToken));
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            UPDATE webhook_message SET state = @state, attempts = @attempts, next_at = @next, status = @Status, answer = @Answer, took_ms = @TookMs, tried_at = @tried
            WHERE webhook_id = @WebhookId AND number = @Number
            """,
            new
            {
                message.WebhookId,
                message.Number,
                state = Words.Of(state),
                attempts = (long)attempt.Number,
                next = nextAt.ToUnixTimeMilliseconds(),
                Status = (long?)attempt.Status,
                attempt.Answer,
                attempt.TookMs,
                tried = attempt.At.ToUnixTimeMilliseconds(),
            },
            transaction,
            cancellationToken: cancellationToken));
    }

    /// <summary>Queues one message again, wherever it stands. False if there is no such message.</summary>
    public Task<bool> SendAgain(long webhookId, long number, DateTimeOffset now, CancellationToken cancellationToken) => database.Write(
        async transaction => await Queue(transaction, webhookId, "number = @number", number, now, cancellationToken) == 1, cancellationToken);

    /// <summary>Queues all messages that were given up; answers how many.</summary>
    public Task<int> SendGivenUpAgain(long webhookId, DateTimeOffset now, CancellationToken cancellationToken) => database.Write(
        transaction => Queue(transaction, webhookId, "state = 'given-up'", 0, now, cancellationToken), cancellationToken);

    /// <summary>Puts a message at the end of a webhook's queue, beside the way of all events; answers its number. Null if there is no such webhook.</summary>
    public Task<long?> Add(long webhookId, string type, string data, DateTimeOffset now, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            if (await TakeNumbers(transaction, webhookId, 1, cancellationToken) is not { } last)
            {
                return null;
            }

            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO webhook_message (webhook_id, number, event_id, type, at, job_id, recipient_id, data, state, attempts, series_from, queued_at, next_at, answer)
                VALUES (@webhookId, @last, @eventId, @type, @at, 0, NULL, @data, 'waiting', 0, 0, @at, @at, '')
                """,
                new { webhookId, last, eventId = $"evt_{Guid.CreateVersion7(now):N}", type, at = now.ToUnixTimeMilliseconds(), data },
                transaction,
                cancellationToken: cancellationToken));
            return (long?)last;
        },
        cancellationToken);

    /// <summary>The last of as many numbers as are needed; null if there is no such webhook. Nobody else gets numbers of this webhook before the transaction ends, so numbers follow the commits.</summary>
    public static Task<long?> TakeNumbers(DbTransaction transaction, long webhookId, int count, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteScalarAsync<long?>(new CommandDefinition(
            "UPDATE webhook SET last_number = last_number + @count WHERE id = @webhookId RETURNING last_number", new { webhookId, count }, transaction, cancellationToken: cancellationToken));

    /// <summary>Forgets messages that were delivered or given up before a moment; answers how many.</summary>
    public Task<int> Forget(DateTimeOffset before, int most, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            // For each webhook and state, so that the index leads to them: next_at is moved last when a message is delivered or given up.
            var keys = new List<(long WebhookId, long Number)>();
            var webhooks = await transaction.Connection!.QueryAsync<long>(new CommandDefinition("SELECT id FROM webhook ORDER BY id", transaction: transaction, cancellationToken: cancellationToken));
            foreach (var (webhook, state) in webhooks.SelectMany(one => new[] { (one, MessageState.Delivered), (one, MessageState.GivenUp) }))
            {
                keys.AddRange(await transaction.Connection!.QueryAsync<(long, long)>(new CommandDefinition(
                    "SELECT webhook_id, number FROM webhook_message WHERE webhook_id = @webhook AND state = @state AND next_at < @before ORDER BY next_at, number LIMIT @most",
                    new { webhook, state = Words.Of(state), before = before.ToUnixTimeMilliseconds(), most = most - keys.Count },
                    transaction,
                    cancellationToken: cancellationToken)));
            }

            foreach (var table in (string[])["webhook_attempt", "webhook_message"])
            {
                await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                    $"DELETE FROM {table} WHERE webhook_id = @WebhookId AND number = @Number",
                    keys.Select(key => new { key.WebhookId, key.Number }),
                    transaction,
                    cancellationToken: cancellationToken));
            }

            return keys.Count;
        },
        cancellationToken);

    private static async Task<int> Queue(DbTransaction transaction, long webhookId, string which, long number, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            $"UPDATE webhook_message SET state = 'waiting', series_from = attempts, queued_at = @at, next_at = @at WHERE webhook_id = @webhookId AND {which}",
            new { webhookId, number, at = now.ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken));

    private sealed class Row
    {
        public long WebhookId { get; set; }

        public long Number { get; set; }

        public string EventId { get; set; } = "";

        public string Type { get; set; } = "";

        public long At { get; set; }

        public long JobId { get; set; }

        public long? RecipientId { get; set; }

        public string Data { get; set; } = "";

        public string State { get; set; } = "";

        public long Attempts { get; set; }

        public long SeriesFrom { get; set; }

        public long QueuedAt { get; set; }

        public long NextAt { get; set; }

        public long? Status { get; set; }

        public string Answer { get; set; } = "";

        public long? TookMs { get; set; }

        public long? TriedAt { get; set; }

        public string? JobCode { get; set; }

        public string? Address { get; set; }

        public WebhookMessage ToMessage() => new()
        {
            WebhookId = WebhookId,
            Number = Number,
            EventId = EventId,
            Type = Type,
            At = DateTimeOffset.FromUnixTimeMilliseconds(At),
            JobId = JobId,
            RecipientId = RecipientId,
            Data = Data,
            State = Words.To<MessageState>(State),
            Attempts = (int)Attempts,
            SeriesFrom = (int)SeriesFrom,
            QueuedAt = DateTimeOffset.FromUnixTimeMilliseconds(QueuedAt),
            NextAt = DateTimeOffset.FromUnixTimeMilliseconds(NextAt),
            Status = (int?)Status,
            Answer = Answer,
            TookMs = TookMs,
            TriedAt = TriedAt is { } tried ? DateTimeOffset.FromUnixTimeMilliseconds(tried) : null,
            JobCode = JobCode,
            Address = Address,
        };
    }
}
