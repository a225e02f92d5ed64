// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Tutti.Dst.Journal;
using Tutti.Dst.Returns;
using Tutti.Dst.Returns.Rules;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Feed;

/// <summary>The events that were not fetched yet, and for two weeks those that were.</summary>
internal sealed class FeedStore(Database database)
{
    private const long Hour = 60 * 60 * 1000;

    private static readonly Statement _confirm = new(
        "UPDATE store SET confirmed = @up_to WHERE one = 1 AND confirmed < @up_to AND newest >= @up_to", ("up_to", DbType.Int64));

    private static readonly Statement _remember = new(
        """
        INSERT INTO confirmation (hour, up_to) VALUES (@hour, @up_to)
        ON CONFLICT (hour) DO UPDATE SET up_to = excluded.up_to WHERE excluded.up_to > confirmation.up_to
        """,
        ("hour", DbType.Int64), ("up_to", DbType.Int64));

    private static readonly Statement _old = new("SELECT MAX(up_to) FROM confirmation WHERE hour <= @hour", ("hour", DbType.Int64));

    private static readonly Statement _oldest = new("SELECT MIN(number) FROM event");

    private static readonly Statement _drop = new("DELETE FROM event WHERE number <= @up_to", ("up_to", DbType.Int64));

    private static readonly Statement _forget = new(
        "DELETE FROM confirmation WHERE hour < @hour AND up_to < (SELECT COALESCE(MIN(number), 0) FROM event)", ("hour", DbType.Int64));

    /// <summary>Events after a number, in order, at most so many and at most so many characters of text.</summary>
    public async Task<List<FateEvent>> After(long number, int limit, int mostText, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT number, at, job_id, recipient_id, fate, attempts, reply, host, came_back, class
            FROM event WHERE number > @after ORDER BY number LIMIT @limit
            """;
        foreach (var (name, value) in ((string, object)[])[("after", number), ("limit", limit)])
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        var events = new List<FateEvent>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var text = 0;
        while (text < mostText && await rows.ReadAsync(cancellationToken))
        {
            var next = new FateEvent(
                rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), (Standing)rows.GetInt32(4), rows.GetInt32(5),
                rows.GetString(6), rows.GetString(7))
            {
                CameBack = (CameBack)rows.GetInt32(8),
                Class = (BounceClass)rows.GetInt32(9),
            };
            text += next.Reply.Length + next.Host.Length;
            events.Add(next);
        }

        return events;
    }

    /// <summary>How far the feed is.</summary>
    public async Task<FeedMarks> Marks(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT newest, confirmed FROM store WHERE one = 1";
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new FeedMarks(row.GetInt64(0), row.GetInt64(1)) : new FeedMarks(0, 0);
    }

    /// <summary>The reader has everything up to a number. An older mark than the last one, or one that was never written, changes nothing.</summary>
    public static void Confirm(JournalSession session, long upTo, long now)
    {
        if (session.Run(_confirm, upTo) > 0)
        {
            session.Run(_remember, now / Hour, upTo);
        }
    }

    /// <summary>Drops some of the events that were confirmed long ago.</summary>
    /// <returns>False if there is nothing more to drop.</returns>
    public static bool DropOld(JournalSession session, long confirmedBefore, int atMost)
    {
        if (session.Scalar(_old, (confirmedBefore / Hour) - 1) is not { } old || session.Scalar(_oldest) is not { } oldest)
        {
            return false;
        }

        var (upTo, first) = (Convert.ToInt64(old, null), Convert.ToInt64(oldest, null));
        if (first > upTo)
        {
            session.Run(_forget, confirmedBefore / Hour);
            return false;
        }

        session.Run(_drop, Math.Min(upTo, first + atMost - 1));
        return true;
    }
}

/// <summary>How far a feed is.</summary>
/// <param name="Newest">Number of the newest event, 0 if there is none.</param>
/// <param name="Confirmed">Up to where the reader has them.</param>
internal readonly record struct FeedMarks(long Newest, long Confirmed);
