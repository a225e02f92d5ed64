// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Dapper;
using Tutti.Dst.Journal;
using Tutti.Dst.Lanes.Pacing;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Lanes.Live;

/// <summary>What a restart must not forget about lanes: which of them people hold, and which pause.</summary>
internal sealed class LaneStateStore(Database database)
{
    private static readonly Statement _hold = new(
        "INSERT INTO lane_hold (lane, held_by, held_at) VALUES (@lane, @by, @at) ON CONFLICT (lane) DO NOTHING",
        ("lane", DbType.String), ("by", DbType.String), ("at", DbType.Int64));

    private static readonly Statement _release = new("DELETE FROM lane_hold WHERE lane = @lane", ("lane", DbType.String));

    private static readonly Statement _pause = new(
        """
        INSERT INTO lane_pause (lane, until_at, reason, pauses, connections) VALUES (@lane, @until, @reason, @pauses, @connections)
        ON CONFLICT (lane) DO UPDATE
            SET until_at = excluded.until_at, reason = excluded.reason, pauses = excluded.pauses, connections = excluded.connections
        """,
        ("lane", DbType.String), ("until", DbType.Int64), ("reason", DbType.String), ("pauses", DbType.Int64), ("connections", DbType.Int64));

    private static readonly Statement _goOn = new("DELETE FROM lane_pause WHERE lane = @lane", ("lane", DbType.String));

    /// <summary>People hold a lane; whoever held it first stays its holder.</summary>
    public static bool Hold(JournalSession session, string lane, LaneHold hold) => session.Run(_hold, lane, hold.By, hold.At) > 0;

    /// <summary>They let it go on.</summary>
    public static bool Release(JournalSession session, string lane) => session.Run(_release, lane) > 0;

    /// <summary>A lane pauses by itself; null: it does not.</summary>
    public static bool Keep(JournalSession session, string lane, LanePause? pause) => pause is { } kept
        ? session.Run(_pause, lane, kept.Until, kept.Reason, (long)kept.Pauses, (long)kept.Connections) > 0
        : session.Run(_goOn, lane) > 0;

    /// <summary>All that people hold.</summary>
    public async Task<IReadOnlyDictionary<string, LaneHold>> Holds(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return (await connection.QueryAsync<(string Lane, string By, long At)>(new CommandDefinition(
            "SELECT lane, held_by, held_at FROM lane_hold", cancellationToken: cancellationToken)))
            .ToDictionary(row => row.Lane, row => new LaneHold(row.By, row.At), StringComparer.Ordinal);
    }

    /// <summary>All that paused.</summary>
    public async Task<IReadOnlyDictionary<string, LanePause>> Pauses(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return (await connection.QueryAsync<(string Lane, long Until, string Reason, long Pauses, long Connections)>(new CommandDefinition(
            "SELECT lane, until_at, reason, pauses, connections FROM lane_pause", cancellationToken: cancellationToken)))
            .ToDictionary(row => row.Lane, row => new LanePause(row.Until, row.Reason, (int)row.Pauses, (int)row.Connections), StringComparer.Ordinal);
    }
}
