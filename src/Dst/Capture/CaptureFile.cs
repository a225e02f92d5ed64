// SPDX-License-Identifier: Apache-2.0
using Microsoft.Data.Sqlite;

namespace Tutti.Dst.Capture;

/// <summary>The capture mailbox's file: a SQLite database of its own, because its large rows must not stand in the way of the queue's small ones.</summary>
internal static class CaptureFile
{
    /// <summary>Where it lies in a distributor's data folder.</summary>
    public static string In(string dataFolder) => Path.Combine(dataFolder, "capture", "capture.sqlite");

    /// <summary>Opens it for writing, made if it is not there. Every commit is on disk.</summary>
    public static SqliteConnection Open(string dataFolder)
    {
        var file = In(dataFolder);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 60, Pooling = false }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                """
                PRAGMA page_size = 16384;
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA wal_autocheckpoint = 4000;
                CREATE TABLE IF NOT EXISTS captured (
                    id        INTEGER PRIMARY KEY,
                    taken_at  BIGINT NOT NULL,
                    sender    TEXT NOT NULL,
                    recipient TEXT NOT NULL COLLATE NOCASE,
                    size      INTEGER NOT NULL,
                    message   BLOB NOT NULL
                );
                CREATE INDEX IF NOT EXISTS captured_recipient ON captured (recipient);
                """;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
