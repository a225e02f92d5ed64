// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Jobs.Codes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tokens;

/// <summary>Tokens for programs; secrets are never stored.</summary>
internal sealed class TokenStore(Database database)
{
    private static readonly TimeSpan _usePrecision = TimeSpan.FromMinutes(1);

    /// <summary>Keeps a new token.</summary>
    public Task<ApiToken> Add(string name, string createdBy, string hash, DateTimeOffset now, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var id = await NumberSequence.Next(transaction, NumberSequence.Token, cancellationToken);
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "INSERT INTO api_token (id, name, hash, created_at, created_by) VALUES (@id, @name, @hash, @At, @createdBy)",
                new { id, name, hash, At = now.ToUnixTimeMilliseconds(), createdBy },
                transaction,
                cancellationToken: cancellationToken));
            return new ApiToken(id, name, now, createdBy, null, null);
        },
        cancellationToken);

    /// <summary>All tokens, the newest first.</summary>
    public async Task<IReadOnlyList<ApiToken>> List(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            "SELECT id AS Id, name AS Name, created_at AS CreatedAt, created_by AS CreatedBy, used_at AS UsedAt, revoked_at AS RevokedAt FROM api_token ORDER BY id DESC", cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToToken())];
    }

    /// <summary>The token that is valid and has this hash, or null; notes that it was used.</summary>
    public async Task<ApiToken?> Use(string hash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            "SELECT id AS Id, name AS Name, created_at AS CreatedAt, created_by AS CreatedBy, used_at AS UsedAt, revoked_at AS RevokedAt FROM api_token WHERE hash = @hash AND revoked_at IS NULL",
            new { hash },
            cancellationToken: cancellationToken));
        var token = row?.ToToken();
        if (token is not null && !(now - token.UsedAt < _usePrecision))
        {
            await database.Write(
                transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
                    "UPDATE api_token SET used_at = @At WHERE id = @Id",
                    new { At = now.ToUnixTimeMilliseconds(), token.Id },
                    transaction,
                    cancellationToken: cancellationToken)),
                cancellationToken);
        }

        return token;
    }

    /// <summary>Makes a token worthless; false if there is no valid one of this number.</summary>
    public Task<bool> Revoke(long id, DateTimeOffset now, CancellationToken cancellationToken) => database.Write(
        async transaction => await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE api_token SET revoked_at = @At WHERE id = @id AND revoked_at IS NULL",
            new { At = now.ToUnixTimeMilliseconds(), id },
            transaction,
            cancellationToken: cancellationToken)) == 1,
        cancellationToken);

    private sealed class Row
    {
        public long Id { get; set; }

        public string Name { get; set; } = "";

        public long CreatedAt { get; set; }

        public string CreatedBy { get; set; } = "";

        public long? UsedAt { get; set; }

        public long? RevokedAt { get; set; }

        public ApiToken ToToken() => new(Id, Name, Moment(CreatedAt)!.Value, CreatedBy, Moment(UsedAt), Moment(RevokedAt));

        private static DateTimeOffset? Moment(long? at) => at is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
    }
}
