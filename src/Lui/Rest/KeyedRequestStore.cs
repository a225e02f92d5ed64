// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Rest;

/// <summary>Requests with an Idempotency-Key, by token and key.</summary>
internal sealed class KeyedRequestStore(Database database, Leases leases, TimeProvider clock)
{
    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>Longest time another node may take for a request before it counts as gone.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>This life of the process: what a former one left running is not running any more.</summary>
    private readonly string _life = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");

    /// <summary>Begins a request. Null if it is this node's to carry out; otherwise what is there already.</summary>
    public Task<KeyedRequest?> Begin(long token, string key, string fingerprint, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var now = clock.GetUtcNow();
            var connection = transaction.Connection!;
            await connection.ExecuteAsync(new CommandDefinition(
                "DELETE FROM idempotency WHERE started_at < @before", new { before = (now - Kept).ToUnixTimeMilliseconds() }, transaction, cancellationToken: cancellationToken));
            var row = new { token, key, fingerprint, holder = leases.Holder, life = _life, now = now.ToUnixTimeMilliseconds() };
            if (await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO idempotency (token_id, key, fingerprint, state, holder, life, started_at) VALUES (@token, @key, @fingerprint, 'running', @holder, @life, @now)
                ON CONFLICT (token_id, key) DO NOTHING
                """,
                row,
                transaction,
                cancellationToken: cancellationToken)) == 1)
            {
                return null;
            }

            var found = await connection.QuerySingleAsync<Row>(new CommandDefinition(
                """
                SELECT fingerprint AS Fingerprint, state AS State, holder AS Holder, life AS Life, started_at AS StartedAt, status AS Status, content_type AS ContentType,
                    location AS Location, body AS Body
                FROM idempotency WHERE token_id = @token AND key = @key
                """,
                row,
                transaction,
                cancellationToken: cancellationToken));
            var request = found.ToRequest();
            if (request.State != KeyedState.Running || !IsLeft(request, now) || request.Fingerprint != fingerprint)
            {
                return request;
            }

            // Nothing of it was committed, and nothing of it can be any more: see Applied.
            return await connection.ExecuteAsync(new CommandDefinition(
                "UPDATE idempotency SET holder = @holder, life = @life, started_at = @now WHERE token_id = @token AND key = @key AND state = 'running' AND life = @before",
                new { token, key, row.holder, row.life, row.now, before = request.Life },
                transaction,
                cancellationToken: cancellationToken)) == 1
                ? null
                : request;
        },
        cancellationToken);

    /// <summary>Whether nobody takes care of a request any more.</summary>
    public bool IsLeft(KeyedRequest request, DateTimeOffset now) =>
        request.Life.Length == 0 || (request.Holder == leases.Holder && request.Life != _life) || now - request.StartedAt > Longest;

    /// <summary>Notes in the transaction of a change that it takes effect. Throws if somebody else has taken the request over: then the change must not be.</summary>
    public async Task Applied(DbTransaction transaction, long token, string key, CancellationToken cancellationToken)
    {
        if (await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE idempotency SET state = 'applied' WHERE token_id = @token AND key = @key AND life = @life AND state <> 'done'",
            new { token, key, life = _life },
            transaction,
            cancellationToken: cancellationToken)) != 1)
        {
            throw new InvalidOperationException($"The request with this Idempotency-Key of token {token} is not this node's any more.");
        }
    }

    /// <summary>Keeps the answer.</summary>
    public Task Done(long token, string key, KeptAnswer answer, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            UPDATE idempotency SET state = 'done', status = @Status, content_type = @ContentType, location = @Location, body = @Body
            WHERE token_id = @token AND key = @key AND life = @life
            """,
            new { token, key, life = _life, Status = (long)answer.Status, answer.ContentType, answer.Location, answer.Body },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Lets go of a request that failed: what has changed nothing may be tried again, what has changed something is known to have done so.</summary>
    public Task Abandon(long token, string key, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            DELETE FROM idempotency WHERE token_id = @token AND key = @key AND life = @life AND state = 'running';
            UPDATE idempotency SET life = '' WHERE token_id = @token AND key = @key AND life = @life AND state = 'applied'
            """,
            new { token, key, life = _life },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    private sealed class Row
    {
        public string Fingerprint { get; set; } = "";

        public string State { get; set; } = "";

        public string Holder { get; set; } = "";

        public string Life { get; set; } = "";

        public long StartedAt { get; set; }

        public long? Status { get; set; }

        public string? ContentType { get; set; }

        public string? Location { get; set; }

        public byte[]? Body { get; set; }

        public KeyedRequest ToRequest() => new(
            Fingerprint,
            Words.To<KeyedState>(State),
            Holder,
            Life,
            DateTimeOffset.FromUnixTimeMilliseconds(StartedAt),
            Status is { } status ? new KeptAnswer((int)status, ContentType, Location, Body ?? []) : null);
    }
}
