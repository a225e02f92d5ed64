// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Databases;

/// <summary>The named databases.</summary>
internal sealed class DatabaseConnectionStore(Database database)
{
    private const string Columns =
        "id AS Id, name AS Name, kind AS Kind, host AS Host, port AS Port, place AS Place, account AS Account, secret AS Secret, verified AS Verified, by_id AS ById, by_name AS ByName, saved_at AS SavedAt";

    /// <summary>All of them, by name.</summary>
    public async Task<IReadOnlyList<DatabaseConnection>> List(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM database_connection ORDER BY name", cancellationToken: cancellationToken))).Select(row => row.ToConnection())];
    }

    /// <summary>One by its name, in any case, or null.</summary>
    public async Task<DatabaseConnection?> Find(string name, CancellationToken cancellationToken) =>
        (await List(cancellationToken)).FirstOrDefault(one => string.Equals(one.Name, name.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>Saves one; a new one gets its number.</summary>
    public Task Save(DatabaseConnection connection, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var id = connection.Id != 0 ? connection.Id : await NumberSequence.Next(transaction, NumberSequence.Database, cancellationToken);
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO database_connection (id, name, kind, host, port, place, account, secret, verified, by_id, by_name, saved_at)
                VALUES (@id, @Name, @kind, @Host, @Port, @Place, @Account, @Secret, @verified, @byId, @byName, @savedAt)
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, host = excluded.host, port = excluded.port, place = excluded.place,
                    account = excluded.account, secret = excluded.secret, verified = excluded.verified, by_id = excluded.by_id, by_name = excluded.by_name,
                    saved_at = excluded.saved_at
                """,
                new
                {
                    id,
                    connection.Name,
                    kind = Words.Of(connection.Kind),
                    connection.Host,
                    Port = (long)connection.Port,
                    connection.Place,
                    connection.Account,
                    connection.Secret,
                    verified = connection.Verified ? 1L : 0L,
                    byId = connection.By.Id,
                    byName = connection.By.Name,
                    savedAt = connection.SavedAt.ToUnixTimeMilliseconds(),
                },
                transaction,
                cancellationToken: cancellationToken));
        },
        cancellationToken);

    /// <summary>Removes one.</summary>
    public Task Remove(long id, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "DELETE FROM database_connection WHERE id = @id", new { id }, transaction, cancellationToken: cancellationToken)),
        cancellationToken);

    private sealed class Row
    {
        public long Id { get; set; }

        public string Name { get; set; } = "";

        public string Kind { get; set; } = "";

        public string Host { get; set; } = "";

        public long Port { get; set; }

        public string Place { get; set; } = "";

        public string Account { get; set; } = "";

        public string Secret { get; set; } = "";

        public long Verified { get; set; }

        public string ById { get; set; } = "";

        public string ByName { get; set; } = "";

        public long SavedAt { get; set; }

        public DatabaseConnection ToConnection() => new(
            Id, Name, Words.To<DatabaseKind>(Kind), Host, (int)Port, Place, Account, Secret, Verified == 1, new Actor(ById, ByName), DateTimeOffset.FromUnixTimeMilliseconds(SavedAt));
    }
}
