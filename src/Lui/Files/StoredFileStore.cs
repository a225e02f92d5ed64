// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Files;

/// <summary>A file in memory, with the name that its bytes give it.</summary>
/// <param name="Digest">SHA-256, in lower-case hexadecimal digits.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record FileContent(string Digest, byte[] Content)
{
    /// <summary>Names bytes.</summary>
    public static FileContent Of(byte[] content) => new(Convert.ToHexStringLower(SHA256.HashData(content)), content);

    /// <summary>Reads a stream to its end; null if it holds more than so many bytes.</summary>
    public static async Task<FileContent?> Read(Stream stream, long most, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (content.Length + read > most)
            {
                return null;
            }

            content.Write(buffer.AsSpan(0, read));
        }

        return Of(content.ToArray());
    }
}

/// <summary>Files in the system database, each once, whatever number of jobs, deliveries and images of the library they belong to.</summary>
internal sealed class StoredFileStore(Database database, TimeProvider clock)
{
    private const int PieceSize = 1024 * 1024;

    // Between a look at the uses and a removal somebody may take it into use again; that touches it.
    private static readonly TimeSpan _keep = TimeSpan.FromDays(1);

    /// <summary>Keeps a file, within the transaction that names what it is for.</summary>
    public async Task Keep(DbTransaction transaction, FileContent file, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO stored_file (digest, size, touched_at) VALUES (@Digest, @size, @now)
            ON CONFLICT (digest) DO UPDATE SET touched_at = excluded.touched_at
            """,
            new { file.Digest, size = (long)file.Content.Length, now = clock.GetUtcNow().ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken));
        if (await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM stored_piece WHERE digest = @Digest", new { file.Digest }, transaction, cancellationToken: cancellationToken)) > 0)
        {
            return;
        }

        for (var (number, start) = (0L, 0); start < file.Content.Length; number++)
        {
            var content = file.Content[start..Math.Min(start + PieceSize, file.Content.Length)];
            await connection.ExecuteAsync(new CommandDefinition(
                "INSERT INTO stored_piece (digest, number, content) VALUES (@Digest, @number, @content)",
                new { file.Digest, number, content },
                transaction,
                cancellationToken: cancellationToken));
            start += content.Length;
        }
    }

    /// <summary>The bytes of a file, or null if it is not here.</summary>
    public async Task<byte[]?> Read(string digest, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        if (await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "SELECT size FROM stored_file WHERE digest = @digest", new { digest }, cancellationToken: cancellationToken)) is not { } size)
        {
            return null;
        }

        var (bytes, end) = (new byte[size], 0);
        for (var number = 0L; end < size; number++)
        {
            if (await connection.ExecuteScalarAsync<byte[]>(new CommandDefinition(
                "SELECT content FROM stored_piece WHERE digest = @digest AND number = @number", new { digest, number }, cancellationToken: cancellationToken)) is not { } piece)
            {
                return null;
            }

            piece.CopyTo(bytes.AsSpan(end));
            end += piece.Length;
        }

        return bytes;
    }

    /// <summary>Removes files that nothing names any more.</summary>
    public Task RemoveUnused(CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var before = (clock.GetUtcNow() - _keep).ToUnixTimeMilliseconds();
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                """
                DELETE FROM stored_file
                WHERE touched_at < @before
                  AND NOT EXISTS (SELECT 1 FROM job_file WHERE job_file.digest = stored_file.digest)
                  AND NOT EXISTS (SELECT 1 FROM media WHERE media.digest = stored_file.digest)
                  AND NOT EXISTS (SELECT 1 FROM delivery_file WHERE delivery_file.digest = stored_file.digest)
                """,
                new { before },
                transaction,
                cancellationToken: cancellationToken));
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "DELETE FROM stored_piece WHERE NOT EXISTS (SELECT 1 FROM stored_file WHERE stored_file.digest = stored_piece.digest)",
                transaction: transaction,
                cancellationToken: cancellationToken));
        },
        cancellationToken);
}
