// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Dapper;
using Tutti.Frame.Words;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Files;

/// <summary>
/// Uploads between their arrival and their import: in the system database, so that any node can go on with them, and as
/// files in this node's data folder, from which they are read.
/// </summary>
internal sealed class UploadStore(Database database, ComponentFolder folder, UploadSettings settings, TimeProvider clock)
{
    private const int Block = 1024 * 1024;
    private const int BlocksOfOneCommit = 16;
    private static readonly TimeSpan _keepUnknown = TimeSpan.FromDays(1);

    private readonly string _path = Path.Combine(folder.Data, "uploads");
    // What came in through this process: between its arrival and the row that names it nobody else needs it yet.
    private readonly ConcurrentDictionary<string, bool> _own = new(StringComparer.Ordinal);

    /// <summary>Largest upload in bytes.</summary>
    public long MaxSize => settings.MaxUploadMegabytes * 1024L * 1024L;

    /// <summary>Takes what comes in; it is in the database when this returns. A broken transfer leaves nothing.</summary>
    public async Task<Outcome<Upload>> Take(Stream content, CancellationToken cancellationToken)
    {
        var name = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
        _own[name] = true;
        var isKept = false;
        try
        {
            if (!(await Receive(content, PathOf(name), cancellationToken)).Is(out var size, out var refusal))
            {
                return refusal;
            }

            await Keep(name, size, cancellationToken);
            isKept = true;
            return new Upload(name, size);
        }
        finally
        {
            if (!isKept)
            {
                _own.TryRemove(name, out _);
                File.Delete(PathOf(name));
            }
        }
    }

    /// <summary>Where an upload lies on this node, fetched from the database if it came in at another one; null if it is gone.</summary>
    public async Task<string?> Find(string name, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        return File.Exists(path) || await Fetch(name, path, cancellationToken) ? path : null;
    }

    /// <summary>Removes an upload, if it is there.</summary>
    public async Task Remove(string name, CancellationToken cancellationToken)
    {
        await database.Write(
            async transaction =>
            {
                await transaction.Connection!.ExecuteAsync(new CommandDefinition("DELETE FROM upload_piece WHERE name = @name", new { name }, transaction, cancellationToken: cancellationToken));
                await transaction.Connection!.ExecuteAsync(new CommandDefinition("DELETE FROM upload WHERE name = @name", new { name }, transaction, cancellationToken: cancellationToken));
            },
            cancellationToken);
        _own.TryRemove(name, out _);
        File.Delete(PathOf(name));
    }

    /// <summary>Removes what nobody needs: files of this node, and rows of transfers that were cut off long ago.</summary>
    public async Task RemoveLeftovers(IReadOnlySet<string> needed, CancellationToken cancellationToken)
    {
        var files = Directory.Exists(_path) ? Directory.EnumerateFiles(_path).Select(file => Path.GetFileName(file)).ToList() : [];
        foreach (var name in files.Where(name => !needed.Contains(Path.GetFileNameWithoutExtension(name)) && !_own.ContainsKey(Path.GetFileNameWithoutExtension(name))))
        {
            File.Delete(Path.Combine(_path, name));
        }

        await using var connection = await database.Open(cancellationToken);
        var before = (clock.GetUtcNow() - _keepUnknown).ToUnixTimeMilliseconds();
        var old = await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT name FROM upload WHERE arrived_at < @before", new { before }, cancellationToken: cancellationToken));
        foreach (var name in old.Where(name => !needed.Contains(name)).ToList())
        {
            await Remove(name, cancellationToken);
        }
    }

    private async Task<Outcome<long>> Receive(Stream content, string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_path);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        var buffer = new byte[Block / 8];
        for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (file.Position + read > MaxSize)
            {
                return new Refusal(
                    RefusalKind.Invalid,
                    "upload.too-large",
                    SharedWords.Fill(FilesWords.TooLarge, SharedWords.Number(settings.MaxUploadMegabytes)),
                    "file");
            }

            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return file.Position;
    }

    private async Task Keep(string name, long size, CancellationToken cancellationToken)
    {
        // First the name, so that the pieces of a transfer that is cut off are found again.
        await database.Write(
            transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "INSERT INTO upload (name, size, arrived_at) VALUES (@name, @size, @now)",
                new { name, size, now = clock.GetUtcNow().ToUnixTimeMilliseconds() },
                transaction,
                cancellationToken: cancellationToken)),
            cancellationToken);
        await using var file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        for (long number = 0; file.Position < size;)
        {
            number = await database.Write(transaction => KeepSome(transaction.Connection!, transaction, name, file, number, cancellationToken), cancellationToken);
        }
    }

    private static async Task<long> KeepSome(
        System.Data.Common.DbConnection connection, System.Data.Common.DbTransaction transaction, string name, FileStream file, long number, CancellationToken cancellationToken)
    {
        var buffer = new byte[Block];
        for (var left = BlocksOfOneCommit; left > 0; left--)
        {
            var length = await file.ReadAtLeastAsync(buffer, Block, throwOnEndOfStream: false, cancellationToken);
            if (length == 0)
            {
                break;
            }

            await connection.ExecuteAsync(new CommandDefinition(
                "INSERT INTO upload_piece (name, number, content) VALUES (@name, @number, @content)",
                new { name, number, content = length == Block ? buffer : buffer[..length] },
                transaction,
                cancellationToken: cancellationToken));
            number++;
        }

        return number;
    }

    private async Task<bool> Fetch(string name, string path, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        if (await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            "SELECT size FROM upload WHERE name = @name", new { name }, cancellationToken: cancellationToken)) is not { } size)
        {
            return false;
        }

        _own[name] = true;
        Directory.CreateDirectory(_path);
        var part = $"{path}.{Guid.CreateVersion7(clock.GetUtcNow()):N}";
        await using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous))
        {
            for (long number = 0; file.Position < size; number++)
            {
                var content = await connection.QuerySingleOrDefaultAsync<byte[]>(new CommandDefinition(
                    "SELECT content FROM upload_piece WHERE name = @name AND number = @number", new { name, number }, cancellationToken: cancellationToken));
                if (content is null)
                {
                    // Still on its way in at another node, or removed while it was read.
                    File.Delete(part);
                    return false;
                }

                await file.WriteAsync(content, cancellationToken);
            }
        }

        File.Move(part, path, overwrite: true);
        return true;
    }

    private string PathOf(string name) => Path.Combine(_path, Path.GetFileName(name));
}

/// <summary>A file that arrived.</summary>
/// <param name="Name">Its name in the store of uploads.</param>
/// <param name="Size">In bytes.</param>
internal sealed record Upload(string Name, long Size);
