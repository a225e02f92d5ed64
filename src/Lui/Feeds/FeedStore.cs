// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Feeds;

/// <summary>A feed that LUI reads, and how far.</summary>
/// <param name="Number">LUI's own number for it.</param>
/// <param name="Id">The writer's id for it.</param>
/// <param name="ComponentId">Whose feed it is.</param>
/// <param name="Mark">Number of the last event stored here.</param>
/// <param name="Newest">Number of the writer's newest event when it last answered.</param>
/// <param name="Lost">Events the writer could not keep.</param>
/// <param name="ClockOffsetMs">Writer's clock minus ours, in milliseconds.</param>
/// <param name="CompleteTo">Every event before this moment of our clock is stored here; null before the first full fetch.</param>
/// <param name="Starts">The writer's starts that LUI was told of, in their order.</param>
internal sealed record Feed(long Number, string Id, long ComponentId, long Mark, long Newest, long Lost, long ClockOffsetMs, long? CompleteTo, IReadOnlyList<string> Starts);

/// <summary>What a writer said of its feed in an answer.</summary>
/// <param name="Newest">Number of its newest event.</param>
/// <param name="Lost">Events it could not keep.</param>
/// <param name="ClockOffsetMs">Its clock minus ours.</param>
/// <param name="CompleteTo">The moment up to which nothing is missing here, once this answer is stored; null: some are still to be fetched.</param>
/// <param name="Starts">Its starts that are known now, in their order.</param>
internal readonly record struct FeedReading(long Newest, long Lost, long ClockOffsetMs, long? CompleteTo, IReadOnlyList<string> Starts);

/// <summary>Numbers of a feed whose events are not there.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last of them.</param>
/// <param name="IsLoss">False if they were confirmed and deleted before LUI began to read.</param>
internal sealed record FeedHole(long First, long Last, bool IsLoss);

/// <summary>The marks of the feeds that LUI reads.</summary>
internal sealed class FeedStore(Database database, TimeProvider clock)
{
    private const string Columns =
        "number, id, component_id AS ComponentId, mark, newest, lost, clock_offset_ms AS ClockOffsetMs, complete_to AS CompleteTo, starts";

    /// <summary>The feed with a writer's id, begun at mark 0 if it was never seen.</summary>
    public Task<Feed> FindOrBegin(string id, long componentId, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            await connection.ExecuteAsync(
                """
                INSERT INTO feed (number, id, component_id, mark, newest, lost, clock_offset_ms, opened_at)
                VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM feed), @id, @componentId, 0, 0, 0, 0, @now)
                ON CONFLICT (id) DO UPDATE SET component_id = excluded.component_id
                """,
                new { id, componentId, now = clock.GetUtcNow().ToUnixTimeMilliseconds() },
                transaction);
            var row = await connection.QuerySingleAsync<Row>($"SELECT {Columns} FROM feed WHERE id = @id", new { id }, transaction);
            return row.ToFeed();
        },
        cancellationToken);

    /// <summary>The feed with a writer's id, or null.</summary>
    public async Task<Feed?> Find(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM feed WHERE id = @id", new { id }, cancellationToken: cancellationToken));
        return row?.ToFeed();
    }

    /// <summary>
    /// Moves the mark within the transaction that stores the events. False if another reader moved it: then nothing of
    /// this batch may be stored.
    /// </summary>
    public static async Task<bool> Move(DbTransaction transaction, string feed, long from, long to) =>
        await transaction.Connection!.ExecuteAsync(
            "UPDATE feed SET mark = @to WHERE id = @feed AND mark = @from", new { feed, from, to }, transaction) > 0;

    /// <summary>Keeps what the writer said of itself.</summary>
    public Task SaveReading(string feed, FeedReading reading, CancellationToken cancellationToken) =>
        database.Write(transaction => SaveReading(transaction, feed, reading), cancellationToken);

    /// <summary>The same within a transaction that does more.</summary>
    public static Task SaveReading(DbTransaction transaction, string feed, FeedReading reading) => transaction.Connection!.ExecuteAsync(
        """
        UPDATE feed SET newest = @Newest, lost = @Lost, clock_offset_ms = @ClockOffsetMs, starts = @starts,
            complete_to = CASE WHEN @CompleteTo IS NULL THEN complete_to ELSE @CompleteTo END
        WHERE id = @feed
        """,
        new { feed, reading.Newest, reading.Lost, reading.ClockOffsetMs, reading.CompleteTo, starts = string.Join(' ', reading.Starts) },
        transaction);

    /// <summary>Remembers that events never come.</summary>
    public Task AddHole(DbTransaction transaction, string feed, FeedHole hole) => transaction.Connection!.ExecuteAsync(
        """
        INSERT INTO feed_hole (feed, first, last, seen_at) VALUES (@feed, @First, @Last, @now) ON CONFLICT (feed, first) DO NOTHING
        """,
        new { feed, hole.First, hole.Last, now = clock.GetUtcNow().ToUnixTimeMilliseconds() },
        transaction);

    /// <summary>How many events of a component never came, over all its feeds.</summary>
    public async Task<long> Missing(long componentId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            SELECT CAST(COALESCE(SUM(feed_hole.last - feed_hole.first + 1), 0) AS BIGINT) FROM feed_hole
            JOIN feed ON feed.id = feed_hole.feed WHERE feed.component_id = @componentId
            """,
            new { componentId },
            cancellationToken: cancellationToken));
    }

    private sealed record Row
    {
        public long Number { get; init; }

        public string Id { get; init; } = "";

        public long ComponentId { get; init; }

        public long Mark { get; init; }

        public long Newest { get; init; }

        public long Lost { get; init; }

        public long ClockOffsetMs { get; init; }

        public long? CompleteTo { get; init; }

        public string Starts { get; init; } = "";

        public Feed ToFeed() => new(Number, Id, ComponentId, Mark, Newest, Lost, ClockOffsetMs, CompleteTo, Starts.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
