// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Tutti.Trk.Spool;

/// <summary>Which feed this is, and how far it came.</summary>
/// <param name="Id">Random, made with the store.</param>
/// <param name="Newest">Number of the newest event, 0 if there was none.</param>
/// <param name="Confirmed">Up to which number the reader has committed.</param>
/// <param name="Lost">Events that could not be put on the disk since the feed began.</param>
internal sealed record FeedState(string Id, long Newest, long Confirmed, long Lost);

/// <summary>Events that are to be put on the disk.</summary>
internal sealed record PackedRow(int Count, byte[] Events);

/// <summary>Events from the disk.</summary>
internal sealed record PackedBatch(long First, long Last, long Checksum, byte[] Events)
{
    /// <summary>Is it what was written?</summary>
    public bool IsWhole => PackedEvents.Checksum(First, Events) == Checksum;
}

/// <summary>Events on the disk: numbered from 1 without gaps, in the order of their commits.</summary>
internal sealed class SpoolStore(TrackerFile file)
{
    private const int DeletedAtOnce = 1_000;
    private const int ProbeBytes = 64 * 1024;
    private const long HourMs = 3_600_000;

    // Prepared once per writing connection; only ever used inside a write.
    private SqliteCommand? _newest;
    private SqliteCommand? _insert;

    /// <summary>Makes the file and the feed if they are not there, and tells where it stands.</summary>
    public FeedState Open()
    {
        file.Prepare();
        return file.Write(connection =>
        {
            connection.Execute(
                "INSERT INTO feed (id, lost, confirmed) SELECT @Id, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM feed)",
                new { Id = HistoryStore.NewId() });
            var state = Where(connection);
            HistoryStore.Begin(connection, state.Newest + 1);
            return state;
        });
    }

    /// <summary>Begins a new feed with the events behind a number, unless that was done; they are numbered from 1.</summary>
    /// <param name="feed">The feed that ends.</param>
    /// <param name="after">The events behind this number go on.</param>
    /// <param name="sharedTo">Up to this number its reader has the same events.</param>
    /// <param name="cancellationToken">Gives up before it began.</param>
    /// <returns>Where it stands.</returns>
    public Task<FeedState> BeginAnew(string feed, long after, long sharedTo, CancellationToken cancellationToken) => file.WriteAsync(
        connection =>
        {
            if (Where(connection).Id != feed)
            {
                return Where(connection);
            }

            var kept = connection.Query<PackedBatch>("SELECT first, last, checksum, events FROM spool_batch WHERE last > @after ORDER BY first", new { after }).ToList();
            connection.Execute(
                "DELETE FROM spool_batch; DELETE FROM confirmation; UPDATE feed SET id = @id, confirmed = 0",
                new { id = HistoryStore.NewId() });
            HistoryStore.End(connection, feed, sharedTo);
            var last = 0L;
            foreach (var batch in kept.Where(batch => batch.IsWhole))
            {
                var row = Behind(batch, after);
                var first = last + 1;
                last += row.Count;
                connection.Execute(
                    "INSERT INTO spool_batch (first, last, checksum, events) VALUES (@first, @last, @checksum, @Events)",
                    new { first, last, checksum = (long)PackedEvents.Checksum(first, row.Events), row.Events });
            }

            return Where(connection);
        },
        cancellationToken);

    // The reader's mark may lie within a commit.
    private static PackedRow Behind(PackedBatch batch, long after)
    {
        if (batch.First > after)
        {
            return new PackedRow((int)(batch.Last - batch.First + 1), batch.Events);
        }

        var packed = new ArrayBufferWriter<byte>();
        var events = PackedEvents.Read(batch.Events).Skip((int)(after - batch.First + 1)).ToList();
        events.ForEach(tracked => PackedEvents.Add(tracked, packed));
        return new PackedRow(events.Count, packed.WrittenSpan.ToArray());
    }

    /// <summary>Puts events on the disk in one commit.</summary>
    /// <param name="rows">The events.</param>
    /// <param name="newest">Number of the newest event that the caller knows to be on the disk.</param>
    /// <returns>The number of the newest event.</returns>
    public long Append(IReadOnlyList<PackedRow> rows, long newest) => file.Write(connection =>
    {
        Prepare(connection);
        var last = (long)_newest!.ExecuteScalar()!;
        if (last != newest && Holds(connection, rows, newest, last))
        {
            // The commit before failed, but only after it had reached the disk.
            return last;
        }

        foreach (var row in rows)
        {
            var first = last + 1;
            last += row.Count;
            _insert!.Parameters[0].Value = first;
            _insert.Parameters[1].Value = last;
            _insert.Parameters[2].Value = (long)PackedEvents.Checksum(first, row.Events);
            _insert.Parameters[3].Value = row.Events;
            _insert.ExecuteNonQuery();
        }

        return last;
    });

    /// <summary>Keeps the count of lost events.</summary>
    public void KeepLost(long lost) => file.Write(connection => connection.Execute("UPDATE feed SET lost = @lost", new { lost }));

    /// <summary>Writes what a commit of events would write, and takes it away again. Throws if the disk refuses it.</summary>
    public void Probe()
    {
        // Row -1 holds event 0, which there is not: no reader ever sees it.
        file.Write(connection => connection.Execute("INSERT OR REPLACE INTO spool_batch (first, last, checksum, events) VALUES (-1, 0, 0, zeroblob(@ProbeBytes))", new { ProbeBytes }));
        file.Write(connection => connection.Execute("DELETE FROM spool_batch WHERE first = -1"));
    }

    /// <summary>The batches that hold events after a number, the oldest first.</summary>
    public async Task<IReadOnlyList<PackedBatch>> After(long after, int batches, CancellationToken cancellationToken)
    {
        await using var connection = await file.Read(cancellationToken);
        return [.. await connection.QueryAsync<PackedBatch>(new CommandDefinition(
            """
            SELECT first, last, checksum, events
            FROM spool_batch
            WHERE first >= coalesce((SELECT max(first) FROM spool_batch WHERE first <= @after + 1), 0) AND last > @after
            ORDER BY first
            LIMIT @batches
            """,
            new { after, batches },
            cancellationToken: cancellationToken))];
    }

    /// <summary>Keeps that the reader has committed everything up to a number; a smaller number than before changes nothing.</summary>
    public Task Confirm(long upTo, DateTimeOffset now, CancellationToken cancellationToken) => file.WriteAsync(
        connection => connection.Execute(
            """
            UPDATE feed SET confirmed = max(confirmed, @upTo);
            INSERT INTO confirmation (hour, up_to) VALUES (@hour, @upTo)
            ON CONFLICT (hour) DO UPDATE SET up_to = max(up_to, excluded.up_to);
            """,
            new { upTo, hour = now.ToUnixTimeMilliseconds() / HourMs }),
        cancellationToken);

    /// <summary>Deletes some of the events that were confirmed before a moment.</summary>
    /// <returns>Batches deleted; 0 when nothing is left to delete.</returns>
    public Task<int> DeleteConfirmedBefore(DateTimeOffset moment, CancellationToken cancellationToken) => file.WriteAsync(
        connection =>
        {
            // An hour's row tells how far the reader was at its end.
            var parameters = new { hour = moment.ToUnixTimeMilliseconds() / HourMs - 1, count = DeletedAtOnce };
            var deleted = connection.Execute(
                """
                DELETE FROM spool_batch
                WHERE first IN (
                    SELECT first FROM spool_batch
                    WHERE last <= coalesce((SELECT max(up_to) FROM confirmation WHERE hour <= @hour), 0)
                    ORDER BY first
                    LIMIT @count)
                """,
                parameters);
            connection.Execute("DELETE FROM confirmation WHERE hour < (SELECT max(hour) FROM confirmation WHERE hour <= @hour)", parameters);
            return deleted;
        },
        cancellationToken);

    private static FeedState Where(SqliteConnection connection) => connection.QuerySingle<FeedState>(
        """
        SELECT id,
               max(confirmed, coalesce((SELECT last FROM spool_batch ORDER BY first DESC LIMIT 1), 0)) AS newest,
               confirmed,
               lost
        FROM feed
        """);

    private static bool Holds(SqliteConnection connection, IReadOnlyList<PackedRow> rows, long newest, long last) =>
        last == newest + rows.Sum(row => row.Count)
        && connection.ExecuteScalar<long>("SELECT checksum FROM spool_batch WHERE first = @first", new { first = last - rows[^1].Count + 1 })
            == PackedEvents.Checksum(last - rows[^1].Count + 1, rows[^1].Events);

    private void Prepare(SqliteConnection connection)
    {
        if (_insert?.Connection == connection)
        {
            return;
        }

        _newest = connection.CreateCommand();
        _newest.CommandText = "SELECT max(confirmed, coalesce((SELECT last FROM spool_batch ORDER BY first DESC LIMIT 1), 0)) FROM feed";
        _insert = connection.CreateCommand();
        _insert.CommandText = "INSERT INTO spool_batch (first, last, checksum, events) VALUES (@first, @last, @checksum, @events)";
        _insert.Parameters.Add("@first", SqliteType.Integer);
        _insert.Parameters.Add("@last", SqliteType.Integer);
        _insert.Parameters.Add("@checksum", SqliteType.Integer);
        _insert.Parameters.Add("@events", SqliteType.Blob);
    }
}
