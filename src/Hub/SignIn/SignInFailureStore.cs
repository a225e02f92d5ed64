// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Hub.SignIn;

/// <summary>Keeps the wrong passwords per name, so that a restart does not open a lock.</summary>
internal sealed class SignInFailureStore(Database database)
{
    /// <summary>What is remembered of a name.</summary>
    public async Task<SignInFailures> Find(string key, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await Find(connection, null, key, cancellationToken);
    }

    /// <summary>Counts one more wrong password and forgets what is too old to matter.</summary>
    public Task<SignInFailures> Add(string key, DateTimeOffset now, SignInSettings settings, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            await connection.ExecuteAsync(new CommandDefinition(
                "DELETE FROM sign_in_failure WHERE last_at < @Before",
                new { Before = (now - settings.LockFor).ToUnixTimeMilliseconds() },
                transaction,
                cancellationToken: cancellationToken));
            var failures = (await Find(connection, transaction, key, cancellationToken)).Add(now, settings);
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO sign_in_failure (name_key, failures, last_at, locked_until_at)
                VALUES (@Key, @Count, @LastAt, @LockedUntil)
                ON CONFLICT (name_key) DO UPDATE
                    SET failures = excluded.failures, last_at = excluded.last_at, locked_until_at = excluded.locked_until_at
                """,
                new
                {
                    Key = key,
                    failures.Count,
                    LastAt = failures.LastAt.ToUnixTimeMilliseconds(),
                    LockedUntil = failures.LockedUntil?.ToUnixTimeMilliseconds(),
                },
                transaction,
                cancellationToken: cancellationToken));
            return failures;
        },
        cancellationToken);

    /// <summary>Forgets the wrong passwords of a name: the right one was given.</summary>
    public Task Clear(string key, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "DELETE FROM sign_in_failure WHERE name_key = @Key",
            new { Key = key },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    private static async Task<SignInFailures> Find(DbConnection connection, DbTransaction? transaction, string key, CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            "SELECT failures AS Failures, last_at AS LastAt, locked_until_at AS LockedUntil FROM sign_in_failure WHERE name_key = @Key",
            new { Key = key },
            transaction,
            cancellationToken: cancellationToken));
        return row is null
            ? SignInFailures.None
            : new(
                row.Failures,
                DateTimeOffset.FromUnixTimeMilliseconds(row.LastAt),
                row.LockedUntil is { } until ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null);
    }

    private sealed class Row
    {
        public int Failures { get; init; }

        public long LastAt { get; init; }

        public long? LockedUntil { get; init; }
    }
}
