// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Components;

/// <summary>HUB's list of components as last known.</summary>
internal sealed class ComponentStore(Database database, TimeProvider clock)
{
    /// <summary>Takes over HUB's list. Components that are no longer on it stay known, but unlisted.</summary>
    public Task Replace(IReadOnlyList<Contracts.Hub.V1.Component> listed, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            await connection.ExecuteAsync("UPDATE component SET listed = 0 WHERE listed = 1", transaction: transaction);
            foreach (var component in listed)
            {
                if (component.StoreId.Length > 0)
                {
                    await Follow(transaction, component);
                }

                await connection.ExecuteAsync(
                    """
                    INSERT INTO component (id, name, host, internal_port, tracker_port, public_url, version, listed, in_service)
                    VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM component), @Name, @Host, @InternalPort, @TrackerPort, @PublicUrl, @Version, 1, 1)
                    ON CONFLICT (name, host, internal_port) DO UPDATE
                        SET tracker_port = excluded.tracker_port,
                            -- A tracker that is stopped does not say its address; its links have it all the same.
                            public_url = CASE WHEN excluded.public_url = '' THEN component.public_url ELSE excluded.public_url END,
                            version = excluded.version, listed = 1
                    """,
                    new
                    {
                        component.Name,
                        component.Host,
                        InternalPort = (long)component.InternalPort,
                        TrackerPort = (long)component.TrackerPort,
                        PublicUrl = component.PublicUrl.TrimEnd('/'),
                        component.Version,
                    },
                    transaction);
            }
        },
        cancellationToken);

    // The same data at another address: it has moved, and what was fixed for it stays fixed for it.
    private static Task<int> Follow(DbTransaction transaction, Contracts.Hub.V1.Component component) => transaction.Connection!.ExecuteAsync(
        """
        UPDATE component SET host = @Host, internal_port = @InternalPort, problem = NULL
        WHERE name = @Name AND feed = @StoreId AND (host <> @Host OR internal_port <> @InternalPort)
          AND NOT EXISTS (SELECT 1 FROM component other WHERE other.name = @Name AND other.host = @Host AND other.internal_port = @InternalPort)
        """,
        new { component.Name, component.Host, InternalPort = (long)component.InternalPort, component.StoreId },
        transaction);

    /// <summary>The listed components of a name, in a steady order.</summary>
    public async Task<IReadOnlyList<Component>> List(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT id, name, host, internal_port AS InternalPort, tracker_port AS TrackerPort, public_url AS PublicUrl,
                   in_service AS InService, feed, problem, problem_since AS ProblemSince
            FROM component WHERE name = @name AND listed = 1 ORDER BY id
            """,
            new { name },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToComponent())];
    }

    /// <summary>A component by its number, listed or not.</summary>
    public async Task<Component?> Find(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            SELECT id, name, host, internal_port AS InternalPort, tracker_port AS TrackerPort, public_url AS PublicUrl,
                   in_service AS InService, feed, problem, problem_since AS ProblemSince
            FROM component WHERE id = @id
            """,
            new { id },
            cancellationToken: cancellationToken));
        return row?.ToComponent();
    }

    /// <summary>Remembers the feed that a component answered with. True if it is another one than before.</summary>
    public Task<bool> SaveFeed(long id, string feed, CancellationToken cancellationToken) => database.Write(
        async transaction => await transaction.Connection!.ExecuteAsync(
            "UPDATE component SET feed = @feed WHERE id = @id AND (feed IS NULL OR feed <> @feed)", new { id, feed }, transaction) > 0,
        cancellationToken);

    /// <summary>Remembers that a component answers (null) or why it does not.</summary>
    public Task SaveProblem(long id, string? problem, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(
            """
            UPDATE component
            SET problem = @problem, problem_since = CASE WHEN @problem IS NULL THEN NULL WHEN problem_since IS NULL THEN @now ELSE problem_since END
            WHERE id = @id
            """,
            new { id, problem, now = clock.GetUtcNow().ToUnixTimeMilliseconds() },
            transaction),
        cancellationToken);

    /// <summary>Takes a tracker out of service or back into it.</summary>
    public Task SetInService(long id, bool inService, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(
            "UPDATE component SET in_service = @inService WHERE id = @id", new { id, inService = inService ? 1L : 0L }, transaction),
        cancellationToken);

    private sealed record Row
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";

        public string Host { get; init; } = "";

        public long InternalPort { get; init; }

        public long TrackerPort { get; init; }

        public string PublicUrl { get; init; } = "";

        public long InService { get; init; }

        public string? Feed { get; init; }

        public string? Problem { get; init; }

        public long? ProblemSince { get; init; }

        public Component ToComponent() => new(Id, Name, Host, (int)InternalPort, (int)TrackerPort, PublicUrl, InService != 0, Feed, Problem, ProblemSince);
    }
}
