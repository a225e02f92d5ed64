// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Dapper;
using Tutti.Dst.Journal;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Files;

/// <summary>Files that travel with messages: kept once, whatever number of deliveries and recipients they are for.</summary>
internal sealed class FileStore(Database database)
{
    private const int PieceSize = 1024 * 1024;

    private static readonly Statement _addPiece = new(
        "INSERT INTO file_piece (digest, number, content) VALUES (@digest, @number, @content) ON CONFLICT (digest, number) DO NOTHING",
        ("digest", DbType.Binary), ("number", DbType.Int64), ("content", DbType.Binary));

    private static readonly Statement _add = new(
        """
        INSERT INTO file (digest, size, touched_at) VALUES (@digest, @size, @now)
        ON CONFLICT (digest) DO UPDATE SET touched_at = excluded.touched_at
        """,
        ("digest", DbType.Binary), ("size", DbType.Int64), ("now", DbType.Int64));

    private static readonly Statement _touch = new("UPDATE file SET touched_at = @now WHERE digest = @digest", ("now", DbType.Int64), ("digest", DbType.Binary));

    private static readonly Statement _need = new(
        "INSERT INTO delivery_file (job_id, digest) VALUES (@job, @digest) ON CONFLICT (job_id, digest) DO NOTHING", ("job", DbType.Int64), ("digest", DbType.Binary));

    private static readonly Statement _lacking = new(
        """
        SELECT COUNT(*) FROM delivery_file WHERE job_id = @job
          AND NOT EXISTS (SELECT 1 FROM file WHERE file.digest = delivery_file.digest)
        """,
        ("job", DbType.Int64));

    private static readonly Statement _old = new(
        """
        SELECT digest FROM file WHERE touched_at < @before
          AND NOT EXISTS (
              SELECT 1 FROM delivery_file JOIN delivery ON delivery.job_id = delivery_file.job_id
              WHERE delivery_file.digest = file.digest AND delivery.cleared_at IS NULL)
        """,
        ("before", DbType.Int64));

    private static readonly Statement _remove = new("DELETE FROM file WHERE digest = @digest", ("digest", DbType.Binary));

    private static readonly Statement _removePieces = new("DELETE FROM file_piece WHERE digest = @digest", ("digest", DbType.Binary));

    /// <summary>Keeps a file whose bytes were compared with its digest; does nothing but note the moment if it is here already.</summary>
    public static bool Add(JournalSession session, byte[] digest, ReadOnlyMemory<byte> content, long now)
    {
        if (session.Run(_touch, now, digest) > 0)
        {
            return false;
        }

        for (var (number, left) = (0L, content); !left.IsEmpty; number++)
        {
            var piece = left[..Math.Min(PieceSize, left.Length)];
            session.Run(_addPiece, digest, number, piece.ToArray());
            left = left[piece.Length..];
        }

        session.Run(_add, digest, (long)content.Length, now);
        return true;
    }

    /// <summary>Which of these are not here; the others stay for a while from now.</summary>
    public static List<byte[]> Missing(JournalSession session, IReadOnlyList<byte[]> digests, long now) => [.. digests.Where(digest => session.Run(_touch, now, digest) == 0)];

    /// <summary>Notes what a delivery needs.</summary>
    public static void Need(JournalSession session, long job, IReadOnlyList<byte[]> digests)
    {
        foreach (var digest in digests)
        {
            session.Run(_need, job, digest);
        }
    }

    /// <summary>Whether a file that a delivery needs is not here.</summary>
    public static bool IsLacking(JournalSession session, long job) => Convert.ToInt64(session.Scalar(_lacking, job), null) > 0;

    /// <summary>Removes what nobody waits for any more and was not asked for since.</summary>
    /// <returns>How many files.</returns>
    public static int RemoveOld(JournalSession session, long before)
    {
        var old = new List<byte[]>();
        using (var rows = session.Query(_old, before))
        {
            while (rows.Read())
            {
                old.Add((byte[])rows.GetValue(0));
            }
        }

        foreach (var digest in old)
        {
            session.Run(_remove, digest);
            session.Run(_removePieces, digest);
        }

        return old.Count;
    }

    /// <summary>The bytes of a file, or null if it is not here.</summary>
    public async Task<byte[]?> Read(byte[] digest, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        if (await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "SELECT size FROM file WHERE digest = @digest", new { digest }, cancellationToken: cancellationToken)) is not { } size)
        {
            return null;
        }

        var (bytes, end) = (new byte[size], 0);
        for (var number = 0L; end < size; number++)
        {
            if (await connection.ExecuteScalarAsync<byte[]>(new CommandDefinition(
                "SELECT content FROM file_piece WHERE digest = @digest AND number = @number", new { digest, number }, cancellationToken: cancellationToken)) is not { } piece)
            {
                return null;
            }

            piece.CopyTo(bytes.AsSpan(end));
            end += piece.Length;
        }

        return bytes;
    }
}
