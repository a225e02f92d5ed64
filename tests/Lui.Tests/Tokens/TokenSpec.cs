// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Microsoft.Extensions.Time.Testing;
using Tutti.Lui.Tokens;
using Tutti.Testing;

namespace Tutti.Lui.Tests.Tokens;

public abstract class TokenSpec : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));
    private LuiDatabase _database = null!;
    private TokenCommands _tokens = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected abstract Task<LuiDatabase> CreateDatabase();

    public async ValueTask InitializeAsync()
    {
        _database = await CreateDatabase();
        _tokens = new TokenCommands(_database.Database, _clock);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _database.DisposeAsync();
    }

    [Fact]
    public async Task A_token_is_known_by_its_secret_and_by_nothing_else()
    {
        var (token, secret) = (await _tokens.Create("script", "Ada", Stop)).Value;
        Assert.StartsWith("tutti_", secret, StringComparison.Ordinal);
        Assert.Equal(token.Id, (await _tokens.Use(secret, Stop))!.Id);
        Assert.Null(await _tokens.Use(secret + "x", Stop));
        Assert.Null(await _tokens.Use(secret.ToUpperInvariant(), Stop));
        Assert.Null(await _tokens.Use("", Stop));
    }

    [Fact]
    public async Task The_secret_is_nowhere_in_the_database()
    {
        var (_, secret) = (await _tokens.Create("script", "Ada", Stop)).Value;
        await using var connection = await _database.Database.Open(Stop);
        var row = await connection.QuerySingleAsync<(string Name, string Hash)>("SELECT name, hash FROM api_token");
        Assert.Equal(64, row.Hash.Length);
        Assert.DoesNotContain(secret[6..], row.Hash, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_revoked_token_is_worthless_at_once()
    {
        var (token, secret) = (await _tokens.Create("script", "Ada", Stop)).Value;
        Assert.False((await _tokens.Revoke(token.Id, Stop)).IsRefused);
        Assert.Null(await _tokens.Use(secret, Stop));
        Assert.Equal("token.not-found", (await _tokens.Revoke(token.Id, Stop)).Refusal.Code);
        Assert.Equal(_clock.GetUtcNow(), Assert.Single(await _tokens.List(Stop)).RevokedAt);
    }

    [Fact]
    public async Task The_last_use_is_noted_to_the_minute()
    {
        var (_, secret) = (await _tokens.Create("script", "Ada", Stop)).Value;
        Assert.Null(Assert.Single(await _tokens.List(Stop)).UsedAt);
        var first = _clock.GetUtcNow();
        await _tokens.Use(secret, Stop);
        _clock.Advance(TimeSpan.FromSeconds(59));
        await _tokens.Use(secret, Stop);
        Assert.Equal(first, Assert.Single(await _tokens.List(Stop)).UsedAt);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _tokens.Use(secret, Stop);
        Assert.Equal(_clock.GetUtcNow(), Assert.Single(await _tokens.List(Stop)).UsedAt);
    }

    [Fact]
    public async Task A_token_keeps_its_scopes_and_is_worthless_when_it_expires()
    {
        var (token, secret) = (await _tokens.Create("script", [TokenScope.Send, TokenScope.Read, TokenScope.Read], TimeSpan.FromDays(30), "Ada", Stop)).Value;
        Assert.Equal([TokenScope.Read, TokenScope.Send], token.Scopes);
        Assert.Equal([TokenScope.Read, TokenScope.Send], Assert.Single(await _tokens.List(Stop)).Scopes);
        _clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        Assert.Equal(token.ExpiresAt, (await _tokens.Use(secret, Stop))!.ExpiresAt);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await _tokens.Use(secret, Stop));
        Assert.Equal("token.scopes", (await _tokens.Create("script", [], null, "Ada", Stop)).Refusal.Code);
        Assert.Equal([TokenScope.All], (await _tokens.Create("script", [TokenScope.Read, TokenScope.All], null, "Ada", Stop)).Value.Token.Scopes);
    }

    [Fact]
    public async Task A_scope_of_a_later_version_opens_nothing()
    {
        var (_, secret) = (await _tokens.Create("script", [TokenScope.Read], null, "Ada", Stop)).Value;
        await using (var connection = await _database.Database.Open(Stop))
        {
            await connection.ExecuteAsync("UPDATE api_token SET scopes = 'read,fly'");
        }

        Assert.Equal([TokenScope.Read], (await _tokens.Use(secret, Stop))!.Scopes);
    }

    [Fact]
    public async Task Every_token_is_another_one()
    {
        var one = (await _tokens.Create("a", "Ada", Stop)).Value;
        var two = (await _tokens.Create("a", "Ada", Stop)).Value;
        Assert.NotEqual(one.Secret, two.Secret);
        Assert.Equal([two.Token.Id, one.Token.Id], (await _tokens.List(Stop)).Select(token => token.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task A_token_has_a_name(string name) => Assert.Equal("token.name", (await _tokens.Create(name, "Ada", Stop)).Refusal.Code);
}

public sealed class TokensOnSqlite : TokenSpec
{
    private protected override Task<LuiDatabase> CreateDatabase() => Task.FromResult(LuiDatabase.OnSqlite());
}

public sealed class TokensOnPostgres(PostgresServer server) : TokenSpec
{
    private protected override Task<LuiDatabase> CreateDatabase() => LuiDatabase.OnPostgres(server);
}
