// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tokens;

/// <summary>Tokens for programs. Also the way of the command line, which works on the database beside a running server.</summary>
public sealed class TokenCommands
{
    private readonly TokenStore _store;
    private readonly TimeProvider _clock;

    /// <summary>Over a database whose schema is up to date.</summary>
    public TokenCommands(Database database, TimeProvider clock)
    {
        _store = new TokenStore(database);
        _clock = clock;
    }

    /// <summary>The database of the user interface, for the command line: opened where its settings say and brought up to date. The caller disposes it.</summary>
    public static Database OpenDatabase(DatabaseSettings settings, Wiring.Configuration.ComponentFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        Directory.CreateDirectory(folder.Data);
        var database = DatabaseRegistration.Open(settings, folder, UserInterface.DatabaseFile);
        database.Migrate(typeof(UserInterface).Assembly);
        return database;
    }

    /// <summary>Makes a token that opens everything and does not expire.</summary>
    public Task<Outcome<(ApiToken Token, string Secret)>> Create(string name, string createdBy, CancellationToken cancellationToken) =>
        Create(name, [TokenScope.All], null, createdBy, cancellationToken);

    /// <summary>Makes a token. Its secret is in the answer and nowhere else.</summary>
    /// <param name="name">What it is for; 1 to 100 characters.</param>
    /// <param name="scopes">What it opens; at least one.</param>
    /// <param name="lasting">How long it is valid; null for ever.</param>
    /// <param name="createdBy">Who makes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Outcome<(ApiToken Token, string Secret)>> Create(
        string name, IReadOnlyCollection<TokenScope> scopes, TimeSpan? lasting, string createdBy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(scopes);
        var trimmed = name.Trim();
        if (trimmed.Length is 0 or > ApiToken.MaxName)
        {
            return new Refusal(RefusalKind.Invalid, "token.name", SharedWords.Fill(TokensWords.BadName, SharedWords.Number(ApiToken.MaxName)), "name");
        }

        if (scopes.Count == 0)
        {
            return new Refusal(RefusalKind.Invalid, "token.scopes", TokensWords.NoScope, "scopes");
        }

        var (secret, now) = (ApiToken.NewSecret(), _clock.GetUtcNow());
        var opened = scopes.Contains(TokenScope.All) ? [TokenScope.All] : scopes.Distinct().Order().ToList();
        var token = new ApiToken(0, trimmed, opened, now, createdBy, null, now + lasting, null);
        return (token with { Id = await _store.Add(token, ApiToken.HashOf(secret), cancellationToken) }, secret);
    }

    /// <summary>All tokens, also revoked ones, the newest first.</summary>
    public Task<IReadOnlyList<ApiToken>> List(CancellationToken cancellationToken) => _store.List(cancellationToken);

    /// <summary>Makes a token worthless at once.</summary>
    public async Task<Outcome<long>> Revoke(long id, CancellationToken cancellationToken) =>
        await _store.Revoke(id, _clock.GetUtcNow(), cancellationToken)
            ? id
            : new Refusal(RefusalKind.NotFound, "token.not-found", SharedWords.Fill(TokensWords.NoSuchToken, id.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The valid token of a secret, or null.</summary>
    internal Task<ApiToken?> Use(string secret, CancellationToken cancellationToken) => _store.Use(ApiToken.HashOf(secret), _clock.GetUtcNow(), cancellationToken);
}
