// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Dapper;
using Tutti.Dst.Journal;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.SourceAddresses;

/// <summary>How much of its share of a day an address has used. Written before it is used, so that a kill never makes room for more.</summary>
internal sealed class SourceDayStore(Database database)
{
    private static readonly Statement _begin = new(
        "INSERT INTO source_day (address, day, lane, messages) VALUES (@address, @day, @lane, 0) ON CONFLICT (address, day, lane) DO NOTHING",
        ("address", DbType.String), ("day", DbType.Int64), ("lane", DbType.String));

    private static readonly Statement _used = new(
        "SELECT messages FROM source_day WHERE address = @address AND day = @day AND lane = @lane",
        ("address", DbType.String), ("day", DbType.Int64), ("lane", DbType.String));

    private static readonly Statement _move = new(
        "UPDATE source_day SET messages = messages + @count WHERE address = @address AND day = @day AND lane = @lane",
        ("count", DbType.Int64), ("address", DbType.String), ("day", DbType.Int64), ("lane", DbType.String));

    private static readonly Statement _drop = new("DELETE FROM source_day WHERE day < @day", ("day", DbType.Int64));

    /// <summary>Takes up to so many messages out of a share.</summary>
    /// <returns>How many were taken, and how many of the share are gone with them.</returns>
    public static (long Taken, long Used) Take(JournalSession session, ShareKey key, long count, long share)
    {
        session.Run(_begin, key.Address, (long)key.Day.DayNumber, key.Lane);
        var used = Convert.ToInt64(session.Scalar(_used, key.Address, (long)key.Day.DayNumber, key.Lane), null);
        var taken = Math.Clamp(share - used, 0, count);
        Move(session, key, taken);
        return (taken, used + taken);
    }

    /// <summary>Adds to what is used, or with a negative count puts back what was taken and not used.</summary>
    public static bool Move(JournalSession session, ShareKey key, long count) =>
        count == 0 || session.Run(_move, count, key.Address, (long)key.Day.DayNumber, key.Lane) > 0;

    /// <summary>Drops what is older than a day.</summary>
    public static bool DropBefore(JournalSession session, DateOnly day)
    {
        session.Run(_drop, (long)day.DayNumber);
        return true;
    }

    /// <summary>What was used on a day, by address and lane; the empty lane is the sum over all.</summary>
    public async Task<IReadOnlyList<UsedShare>> Of(DateOnly day, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return [.. await connection.QueryAsync<UsedShare>(new CommandDefinition(
            "SELECT address AS Address, lane AS Lane, messages AS Messages FROM source_day WHERE day = @day ORDER BY address, lane",
            new { day = (long)day.DayNumber },
            cancellationToken: cancellationToken))];
    }
}

/// <summary>What has a share of its own.</summary>
/// <param name="Address">The address that mail leaves from.</param>
/// <param name="Day">UTC.</param>
/// <param name="Lane">The operator; empty for all of them together.</param>
internal readonly record struct ShareKey(string Address, DateOnly Day, string Lane);

/// <summary>What was used of a share.</summary>
internal sealed record UsedShare(string Address, string Lane, long Messages);
