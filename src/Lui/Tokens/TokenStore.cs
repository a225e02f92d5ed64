// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tokens;

/// <summary>Tokens for programs; secrets are never stored.</summary>
internal sealed class TokenStore(Database database)
{
    private static readonly TimeSpan _usePrecision = TimeSpan.FromMinutes(1);

    private const string Columns =
        "id AS Id, name AS Name, scopes AS Scopes, created_at AS CreatedAt, created_by AS CreatedBy, used_at AS UsedAt, expires_at AS ExpiresAt, revoked_at AS RevokedAt";

    /// <summary>Keeps a new token; answers its number.</summary>
    public Task<long> Add(ApiToken token, string hash, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var id = await NumberSequence.Next(transaction, NumberSequence.Token, cancellationToken);
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "INSERT INTO api_token (id, name, scopes, hash, created_at, created_by, expires_at) VALUES (@id, @Name, @scopes, @hash, @at, @CreatedBy, @expires)",
                new
                {
                    id,
                    token.Name,
                    scopes = string.Join(',', token.Scopes.Select(Words.Of)),
                    hash,
                    at = token.CreatedAt.ToUnixTimeMilliseconds(),
                    token.CreatedBy,
                    expires = token.ExpiresAt?.ToUnixTimeMilliseconds(),
                },
                transaction,
                cancellationToken: cancellationToken));
            return id;
        },
        cancellationToken);

    /// <summary>All tokens, the newest first.</summary>
    public async Task<IReadOnlyList<ApiToken>> List(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM api_token ORDER BY id DESC", cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToToken())];
    }

    /// <summary>The token that is valid and has this hash, or null; notes that it was used.</summary>
    public async Task<ApiToken?> Use(string hash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM api_token WHERE hash = @hash AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > @at)",
            new { hash, at = now.ToUnixTimeMilliseconds() },
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

        public string Scopes { get; set; } = "";

        public long CreatedAt { get; set; }

        public string CreatedBy { get; set; } = "";

        public long? UsedAt { get; set; }

        public long? ExpiresAt { get; set; }

        public long? RevokedAt { get; set; }

        public ApiToken ToToken() => new(Id, Name, ScopesOf(Scopes), Moment(CreatedAt)!.Value, CreatedBy, Moment(UsedAt), Moment(ExpiresAt), Moment(RevokedAt));

        // A word that a later version wrote opens nothing here.
        private static List<TokenScope> ScopesOf(string words) =>
            [.. words.Split(',').Select(word => Words.TryTo<TokenScope>(word, out var scope) ? scope : (TokenScope?)null).OfType<TokenScope>()];

        private static DateTimeOffset? Moment(long? at) => at is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
    }
}
