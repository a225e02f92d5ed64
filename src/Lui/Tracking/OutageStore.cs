// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tracking;

/// <summary>A time in which a tracker was not there: opens and clicks of that time are not in any report.</summary>
/// <param name="From">By the tracker's clock.</param>
/// <param name="To">By the tracker's clock.</param>
internal sealed record TrackerOutage(DateTimeOffset From, DateTimeOffset To);

/// <summary>The trackers' outages, as they told them.</summary>
internal sealed class OutageStore(Database database)
{
    // They are told with every batch of events; only a new one needs the database.
    private readonly ConcurrentDictionary<long, TrackerOutage> _newest = new();

    /// <summary>Keeps those that are not known yet.</summary>
    public async Task Save(long componentId, IReadOnlyList<TrackerOutage> outages, CancellationToken cancellationToken)
    {
        if (outages.Count == 0 || (_newest.TryGetValue(componentId, out var newest) && newest == outages[^1]))
        {
            return;
        }

        await database.Write(
            transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO tracker_outage (component_id, from_ms, to_ms) VALUES (@componentId, @From, @To)
                ON CONFLICT (component_id, from_ms) DO UPDATE SET to_ms = excluded.to_ms
                """,
                outages.Select(outage => new { componentId, From = outage.From.ToUnixTimeMilliseconds(), To = outage.To.ToUnixTimeMilliseconds() }),
                transaction,
                cancellationToken: cancellationToken)),
            cancellationToken);
        _newest[componentId] = outages[^1];
    }

    /// <summary>Those of a tracker that ended after a moment, in order.</summary>
    public async Task<IReadOnlyList<TrackerOutage>> Since(long componentId, DateTimeOffset moment, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long From, long To)>(new CommandDefinition(
            "SELECT from_ms, to_ms FROM tracker_outage WHERE component_id = @componentId AND to_ms >= @since ORDER BY from_ms",
            new { componentId, since = moment.ToUnixTimeMilliseconds() },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new TrackerOutage(DateTimeOffset.FromUnixTimeMilliseconds(row.From), DateTimeOffset.FromUnixTimeMilliseconds(row.To)))];
    }
}
