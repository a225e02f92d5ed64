// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Hub.Accounts;

/// <summary>Keeps the accounts.</summary>
internal sealed class AccountStore(Database database)
{
    /// <summary>The account of that name, in whatever case it is written.</summary>
    public async Task<Account?> Find(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            SELECT id AS Id, name AS Name, display_name AS DisplayName, password_hash AS PasswordHash, administrator AS Administrator, created_at AS CreatedAt
            FROM account
            WHERE name_key = @Key
            """,
            new { Key = Account.KeyOf(name) },
            cancellationToken: cancellationToken));
        return row?.ToAccount();
    }

    /// <summary>How many accounts there are.</summary>
    public async Task<long> Count(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(1) FROM account", cancellationToken: cancellationToken));
    }

    /// <summary>Adds an account and gives it its number; where <paramref name="onlyAsFirst"/>, only if there is none yet.</summary>
    public Task<Outcome<Account>> Add(Account account, bool onlyAsFirst, CancellationToken cancellationToken) => database.Write<Outcome<Account>>(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var (count, newest, taken) = await connection.QuerySingleAsync<(long, long, long)>(new CommandDefinition(
                """
                SELECT COUNT(1), COALESCE(MAX(id), 0), COALESCE(SUM(CASE WHEN name_key = @Key THEN 1 ELSE 0 END), 0)
                FROM account
                """,
                new { Key = Account.KeyOf(account.Name) },
                transaction,
                cancellationToken: cancellationToken));
            if (onlyAsFirst && count > 0)
            {
                return AccountRefusals.AlreadySetUp();
            }

            if (taken > 0)
            {
                return AccountRefusals.NameTaken(account.Name);
            }

            var added = account with { Id = newest + 1 };
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO account (id, name, name_key, display_name, password_hash, administrator, created_at)
                VALUES (@Id, @Name, @Key, @DisplayName, @PasswordHash, @Administrator, @CreatedAt)
                """,
                new
                {
                    added.Id,
                    added.Name,
                    Key = Account.KeyOf(added.Name),
                    added.DisplayName,
                    added.PasswordHash,
                    Administrator = added.Administrator ? 1 : 0,
                    CreatedAt = added.CreatedAt.ToUnixTimeMilliseconds(),
                },
                transaction,
                cancellationToken: cancellationToken));
            return added;
        },
        cancellationToken);

    /// <summary>Replaces the hash of an account's password.</summary>
    public Task SavePasswordHash(long id, string hash, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE account SET password_hash = @Hash WHERE id = @Id",
            new { Id = id, Hash = hash },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    private sealed class Row
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";

        public string DisplayName { get; init; } = "";

        public string PasswordHash { get; init; } = "";

        public int Administrator { get; init; }

        public long CreatedAt { get; init; }

        public Account ToAccount() =>
            new(Id, Name, DisplayName, PasswordHash, Administrator != 0, DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt));
    }
}
