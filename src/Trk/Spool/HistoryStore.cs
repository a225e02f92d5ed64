// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Tutti.Trk.Spool;

/// <summary>What the file knows of its own past, on the disk.</summary>
internal sealed class HistoryStore(TrackerFile file)
{
    /// <summary>All of it.</summary>
    public FeedHistory Read() => file.Write(connection => new FeedHistory(
        [.. connection.Query<Start>("SELECT id, first FROM start ORDER BY ordinal")],
        connection.Query<(string Id, long SharedTo)>("SELECT id, shared_to FROM former_feed").ToDictionary(row => row.Id, row => row.SharedTo),
        [.. connection.Query<Hole>("SELECT first, last FROM damage ORDER BY first")]));

    /// <summary>Keeps that events are lost.</summary>
    public Task KeepDamage(Hole hole, CancellationToken cancellationToken) => file.WriteAsync(
        connection => connection.Execute(
            "INSERT INTO damage (first, last) VALUES (@First, @Last) ON CONFLICT (first) DO UPDATE SET last = max(last, excluded.last)", hole),
        cancellationToken);

    /// <summary>A new start, whose first event will have this number.</summary>
    public static void Begin(SqliteConnection connection, long first) =>
        connection.Execute("INSERT INTO start (id, first) VALUES (@id, @first)", new { id = NewId(), first });

    /// <summary>A feed ends; a new one with a past of its own begins.</summary>
    public static void End(SqliteConnection connection, string feed, long sharedTo)
    {
        connection.Execute("DELETE FROM start; DELETE FROM damage; INSERT INTO former_feed (id, shared_to) VALUES (@feed, @sharedTo)", new { feed, sharedTo });
        Begin(connection, 1);
    }

    /// <summary>A random id.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
