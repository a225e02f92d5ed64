// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Hub.Accounts;

/// <summary>Keeps the accounts.</summary>
internal sealed class AccountStore(Database database)
{
    private const string Select =
        """
        SELECT id AS Id, name AS Name, display_name AS DisplayName, password_hash AS PasswordHash, administrator AS Administrator, created_at AS CreatedAt,
            time_zone AS TimeZone, disabled_at AS DisabledAt, stamp AS Stamp, mail AS Mail, group_id AS GroupId
        FROM account
        """;

    /// <summary>The account of that name, in whatever case it is written.</summary>
    public async Task<Account?> Find(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"{Select} WHERE name_key = @Key", new { Key = Account.KeyOf(name) }, cancellationToken: cancellationToken));
        return row?.ToAccount();
    }

    /// <summary>The account of that number.</summary>
    public async Task<Account?> Find(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition($"{Select} WHERE id = @Id", new { Id = id }, cancellationToken: cancellationToken));
        return row?.ToAccount();
    }

    /// <summary>All accounts, by name.</summary>
    public async Task<IReadOnlyList<Account>> All(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition($"{Select} ORDER BY name_key", cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToAccount())];
    }

    /// <summary>How many accounts there are.</summary>
    public async Task<long> Count(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(1) FROM account", cancellationToken: cancellationToken));
    }

    /// <summary>Adds an account and gives it its number; where <paramref name="onlyAsFirst"/>, only if there is none yet.</summary>
    public Task<Outcome<Account>> Add(Account account, bool onlyAsFirst, CancellationToken cancellationToken) => Add(account, onlyAsFirst, (_, _) => Task.CompletedTask, cancellationToken);

    /// <summary>The same, with what else has to be written in the same transaction.</summary>
    public Task<Outcome<Account>> Add(
        Account account, bool onlyAsFirst, Func<DbTransaction, Account, Task> also, CancellationToken cancellationToken) => database.Write<Outcome<Account>>(
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
                INSERT INTO account (id, name, name_key, display_name, password_hash, administrator, created_at, time_zone, mail)
                VALUES (@Id, @Name, @Key, @DisplayName, @PasswordHash, @Administrator, @CreatedAt, @TimeZone, @Mail)
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
                    added.TimeZone,
                    added.Mail,
                },
                transaction,
                cancellationToken: cancellationToken));
            await also(transaction, added);
            return added;
        },
        cancellationToken);

    /// <summary>Changes an account by a rule, unless nobody were left to administer the installation.</summary>
    /// <param name="id">The account's number.</param>
    /// <param name="change">The rule.</param>
    /// <param name="also">What else has to be written in the same transaction.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Outcome<Account>> Change(
        long id, Func<Account, Outcome<Account>> change, Func<DbTransaction, Account, Task> also, CancellationToken cancellationToken) => database.Write<Outcome<Account>>(
        async transaction =>
        {
            var connection = transaction.Connection!;

            // One change after the other, on every database: two administrators who disable each other must not both succeed.
            await connection.ExecuteAsync(new CommandDefinition(
                "UPDATE account SET stamp = stamp WHERE administrator = 1 OR id = @Id", new { Id = id }, transaction, cancellationToken: cancellationToken));
            var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition($"{Select} WHERE id = @Id", new { Id = id }, transaction, cancellationToken: cancellationToken));
            if (row?.ToAccount() is not { } account)
            {
                return AccountRefusals.Unknown(id);
            }

            if (!change(account).Is(out var changed, out var refusal))
            {
                return refusal;
            }

            if (account.MayAdminister && !changed.MayAdminister && await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                "SELECT COUNT(1) FROM account WHERE administrator = 1 AND disabled_at IS NULL AND id <> @Id", new { Id = id }, transaction, cancellationToken: cancellationToken)) == 0)
            {
                return AccountRefusals.LastAdministrator(account.Name);
            }

            await connection.ExecuteAsync(new CommandDefinition(
                """
                UPDATE account
                SET display_name = @DisplayName, password_hash = @PasswordHash, administrator = @Administrator, time_zone = @TimeZone, mail = @Mail, disabled_at = @DisabledAt, stamp = @Stamp
                WHERE id = @Id
                """,
                new
                {
                    Id = id,
                    changed.DisplayName,
                    changed.PasswordHash,
                    Administrator = changed.Administrator ? 1 : 0,
                    changed.TimeZone,
                    changed.Mail,
                    DisabledAt = changed.DisabledAt?.ToUnixTimeMilliseconds(),
                    changed.Stamp,
                },
                transaction,
                cancellationToken: cancellationToken));
            await also(transaction, changed);
            return changed;
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

        public string TimeZone { get; init; } = "";

        public string Mail { get; init; } = "";

        public long? GroupId { get; init; }

        public long? DisabledAt { get; init; }

        public long Stamp { get; init; }

        public Account ToAccount() => new(Id, Name, DisplayName, PasswordHash, Administrator != 0, DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt))
        {
            TimeZone = TimeZone,
            Mail = Mail,
            GroupId = GroupId,
            DisabledAt = DisabledAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
            Stamp = Stamp,
        };
    }
}
