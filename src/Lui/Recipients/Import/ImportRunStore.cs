// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Recipients.Import;

/// <summary>What other nodes may know and want of an import that runs at one of them.</summary>
internal sealed class ImportRunStore(Database database, ImportQueue queue)
{
    /// <summary>How far an import is, wherever it runs; null before it runs anywhere.</summary>
    public async Task<ImportProgress?> ProgressOf(RecipientSource source, CancellationToken cancellationToken)
    {
        if (queue.ProgressOf(source.Id) is { } own)
        {
            return own;
        }

        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            "SELECT bytes_read AS BytesRead, valid AS Valid, invalid AS Invalid, duplicates AS Duplicates FROM import_run WHERE source_id = @Id",
            new { source.Id },
            cancellationToken: cancellationToken));
        return row is null ? null : new ImportProgress(source.FileSize, row.BytesRead, row.Valid, row.Invalid, row.Duplicates);
    }

    /// <summary>Keeps how far it is; true if somebody wants it stopped.</summary>
    public Task<bool> Save(long sourceId, ImportProgress progress, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO import_run (source_id, bytes_read, valid, invalid, duplicates, stop_wanted) VALUES (@sourceId, @BytesRead, @Valid, @Invalid, @Duplicates, 0)
                ON CONFLICT (source_id) DO UPDATE
                    SET bytes_read = excluded.bytes_read, valid = excluded.valid, invalid = excluded.invalid, duplicates = excluded.duplicates
                """,
                new { sourceId, progress.BytesRead, progress.Valid, progress.Invalid, progress.Duplicates },
                transaction,
                cancellationToken: cancellationToken));
            return await transaction.Connection!.ExecuteScalarAsync<long>(new CommandDefinition(
                "SELECT stop_wanted FROM import_run WHERE source_id = @sourceId", new { sourceId }, transaction, cancellationToken: cancellationToken)) == 1;
        },
        cancellationToken);

    /// <summary>Asks the node that runs an import to stop it.</summary>
    public Task WantStop(long sourceId, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO import_run (source_id, bytes_read, valid, invalid, duplicates, stop_wanted) VALUES (@sourceId, 0, 0, 0, 0, 1)
            ON CONFLICT (source_id) DO UPDATE SET stop_wanted = 1
            """,
            new { sourceId },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Forgets an import that has ended.</summary>
    public Task Remove(long sourceId, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "DELETE FROM import_run WHERE source_id = @sourceId", new { sourceId }, transaction, cancellationToken: cancellationToken)),
        cancellationToken);

    private sealed class Row
    {
        public long BytesRead { get; init; }

        public long Valid { get; init; }

        public long Invalid { get; init; }

        public long Duplicates { get; init; }
    }
}
