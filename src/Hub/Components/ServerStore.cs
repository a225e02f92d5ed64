// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Dapper;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Hub.Components;

/// <summary>Keeps the servers of the installation and what they said of their components.</summary>
internal sealed class ServerStore(Database database, TimeProvider clock)
{
    /// <summary>All servers with their components, in the order in which they were added.</summary>
    public async Task<IReadOnlyList<KnownServer>> All(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var servers = await connection.QueryAsync<ServerRow>(new CommandDefinition(
            """
            SELECT host AS Host, port AS Port, version AS Version, started_at AS StartedAt, seen_at AS SeenAt, clock_offset AS ClockOffset, problem AS Problem,
                   problem_code AS ProblemCode, corridor AS Corridor
            FROM server
            ORDER BY added_at, host, port
            """,
            cancellationToken: cancellationToken));
        var components = (await connection.QueryAsync<ComponentRow>(new CommandDefinition(
            """
            SELECT name AS Name, host AS Host, port AS Port, tracker_port AS TrackerPort, public_url AS PublicUrl,
                   state AS State, ready AS Ready, problems AS Problems, figures AS Figures, store_id AS StoreId, shares_store AS SharesStore
            FROM component
            WHERE NOT EXISTS (SELECT 1 FROM tracker_move WHERE tracker_move.store_id = component.store_id AND tracker_move.retired_at IS NOT NULL)
            ORDER BY name
            """,
            cancellationToken: cancellationToken))).ToLookup(row => (row.Host, row.Port));
        return KnownServer.MarkCopies([.. servers.Select(row => row.ToServer(components[(row.Host, row.Port)]))]);
    }

    /// <summary>Makes a server known; one that is known already stays as it is.</summary>
    /// <returns>True if it was not known before.</returns>
    public Task<bool> Add(string host, int port, CancellationToken cancellationToken) => database.Write(
        async transaction => await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "INSERT INTO server (host, port, added_at) VALUES (@Host, @Port, @AddedAt) ON CONFLICT (host, port) DO NOTHING",
            new { Host = host, Port = port, AddedAt = clock.GetUtcNow().ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken)) > 0,
        cancellationToken);

    /// <summary>Forgets a server. False if it was not known.</summary>
    public Task<bool> Remove(string host, int port, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            await connection.ExecuteAsync(new CommandDefinition(
                "DELETE FROM component WHERE host = @Host AND port = @Port", new { Host = host, Port = port }, transaction, cancellationToken: cancellationToken));
            return await connection.ExecuteAsync(new CommandDefinition(
                "DELETE FROM server WHERE host = @Host AND port = @Port", new { Host = host, Port = port }, transaction, cancellationToken: cancellationToken)) > 0;
        },
        cancellationToken);

    /// <summary>Keeps what a server said of itself. Its components replace those it had before.</summary>
    public Task SaveAnswer(KnownServer server, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var isKnown = await connection.ExecuteAsync(new CommandDefinition(
                """
                UPDATE server
                SET version = @Version, started_at = @StartedAt, seen_at = @SeenAt, clock_offset = @ClockOffset, problem = NULL, problem_code = NULL, corridor = @Corridor
                WHERE host = @Host AND port = @Port
                """,
                new
                {
                    server.Host,
                    server.Port,
                    server.Version,
                    StartedAt = server.StartedAt?.ToUnixTimeMilliseconds(),
                    SeenAt = server.SeenAt?.ToUnixTimeMilliseconds(),
                    ClockOffset = (long)server.ClockOffset.TotalMilliseconds,
                    Corridor = server.Corridor is null ? null : JsonSerializer.Serialize(server.Corridor),
                },
                transaction,
                cancellationToken: cancellationToken)) > 0;
            if (!isKnown)
            {
                // Removed while it was asked.
                return;
            }

            // A component that is stopped does not say its address, nor which store it has.
            var before = (await connection.QueryAsync<(string Name, string StoreId, string PublicUrl)>(new CommandDefinition(
                "SELECT name, store_id, public_url FROM component WHERE host = @Host AND port = @Port",
                new { server.Host, server.Port },
                transaction,
                cancellationToken: cancellationToken))).ToDictionary(row => row.Name);
            await connection.ExecuteAsync(new CommandDefinition(
                "DELETE FROM component WHERE host = @Host AND port = @Port",
                new { server.Host, server.Port },
                transaction,
                cancellationToken: cancellationToken));
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO component (name, host, port, tracker_port, public_url, state, ready, problems, figures, store_id, shares_store)
                VALUES (@Name, @Host, @Port, @TrackerPort, @PublicUrl, @State, @Ready, @Problems, @Figures, @StoreId, @SharesStore)
                """,
                server.Components.Select(component => new
                {
                    component.Name,
                    server.Host,
                    server.Port,
                    component.TrackerPort,
                    PublicUrl = component.PublicUrl.Length > 0 ? component.PublicUrl : before.GetValueOrDefault(component.Name).PublicUrl ?? "",
                    component.State,
                    Ready = component.Ready ? 1 : 0,
                    Problems = JsonSerializer.Serialize(component.Problems),
                    Figures = JsonSerializer.Serialize(component.Figures),
                    StoreId = component.StoreId.Length > 0 ? component.StoreId : before.GetValueOrDefault(component.Name).StoreId ?? "",
                    SharesStore = component.SharesStore ? 1 : 0,
                }),
                transaction,
                cancellationToken: cancellationToken));
        },
        cancellationToken);

    /// <summary>Keeps why a server did not answer; what it last said stays.</summary>
    public Task SaveProblem(string host, int port, Refusal problem, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE server SET problem = @Problem, problem_code = @Code WHERE host = @Host AND port = @Port",
            new { Host = host, Port = port, Problem = problem.Message, problem.Code },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    private static DateTimeOffset? Time(long? milliseconds) =>
        milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;

    private sealed class ServerRow
    {
        public string Host { get; init; } = "";

        public int Port { get; init; }

        public string? Version { get; init; }

        public long? StartedAt { get; init; }

        public long? SeenAt { get; init; }

        public long? ClockOffset { get; init; }

        public string? Problem { get; init; }

        public string? ProblemCode { get; init; }

        public string? Corridor { get; init; }

        public KnownServer ToServer(IEnumerable<ComponentRow> components) => new(
            Host,
            Port,
            Version,
            Time(StartedAt),
            Time(SeenAt),
            TimeSpan.FromMilliseconds(ClockOffset ?? 0),
            Problem,
            components.Select(row => row.ToComponent()).ToList(),
            ProblemCode,
            Corridor is null ? null : JsonSerializer.Deserialize<KnownCorridor>(Corridor));
    }

    private sealed class ComponentRow
    {
        public string Name { get; init; } = "";

        public string Host { get; init; } = "";

        public int Port { get; init; }

        public int TrackerPort { get; init; }

        public string PublicUrl { get; init; } = "";

        public string State { get; init; } = "";

        public int Ready { get; init; }

        public string Problems { get; init; } = "[]";

        public string Figures { get; init; } = "[]";

        public string StoreId { get; init; } = "";

        public long SharesStore { get; init; }

        public KnownComponent ToComponent() => new(
            Name,
            TrackerPort,
            PublicUrl,
            State,
            Ready != 0,
            JsonSerializer.Deserialize<string[]>(Problems) ?? [],
            JsonSerializer.Deserialize<KnownFigure[]>(Figures) ?? [],
            StoreId,
            SharesStore != 0);
    }
}
