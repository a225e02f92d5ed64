// SPDX-License-Identifier: Apache-2.0
using System.Data;
using System.Data.Common;
using System.IO.Compression;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Archives.Format;

/// <summary>Writes a job into a file: one moment of the database, row by row, with memory for one row at a time.</summary>
internal sealed class WriteArchive(Database database)
{
    private const int FlushAt = 256 * 1024;
    private static readonly string _product = typeof(WriteArchive).Assembly.GetName().Version!.ToString(3);

    /// <summary>Writes it; what was written is on the disk when this returns.</summary>
    /// <param name="path">The file, replaced if it is there.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="wish">Who asked for it, and when; the same wish and the same rows make the same bytes.</param>
    /// <param name="totals">What became of the job.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ArchiveManifest> Handle(string path, long jobId, JobArchive wish, ArchiveTotals totals, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, BufferSize = 128 * 1024 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var connection = await database.Open(cancellationToken);
        await using var moment = connection is SqliteConnection lite ? lite.BeginTransaction(deferred: true) : await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var job = await connection.QuerySingleAsync<(string Code, string Title, long Version)>(new CommandDefinition(
            "SELECT code, title, version FROM job WHERE id = @jobId", new { jobId }, moment, cancellationToken: cancellationToken));
        await using var file = new FileStream(path, options);
        var parts = new List<ArchivePart>();
        ArchiveManifest manifest;
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var table in ArchivedTable.All)
            {
                parts.Add(await Write(zip, connection, moment, table, jobId, wish.At, cancellationToken));
            }

            manifest = new ArchiveManifest(
                ArchiveManifest.FormatName, ArchiveManifest.Newest, _product, job.Code, job.Title, job.Version, wish.At, wish.Who.Name, totals, parts);
            await using var stream = Entry(zip, ArchiveManifest.Name, wish.At).Open();
            await JsonSerializer.SerializeAsync(stream, manifest, ArchiveManifest.Json, cancellationToken);
        }

        file.Flush(flushToDisk: true);
        return manifest;
    }

    private static async Task<ArchivePart> Write(
        ZipArchive zip, DbConnection connection, DbTransaction moment, ArchivedTable table, long jobId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = moment;
        command.CommandText = $"SELECT {table.Name}.* FROM {table.Name} WHERE {table.Which} ORDER BY {string.Join(", ", table.Key)}";
        command.CommandTimeout = 0;
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("job", jobId);
        command.Parameters.Add(parameter);

        await using var measured = new MeasuredStream(Entry(zip, table.Part, at).Open());
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        using var buffer = new MemoryStream();
        await using var line = new Utf8JsonWriter(buffer);
        line.WriteStartArray();
        for (var column = 0; column < rows.FieldCount; column++)
        {
            line.WriteStringValue(rows.GetName(column));
        }

        line.WriteEndArray();
        await End();
        var count = 0L;
        for (; await rows.ReadAsync(cancellationToken); count++)
        {
            ArchiveLine.Write(line, rows);
            await End();
        }

        await Flush();
        return new ArchivePart(table.Part, table.Name, count, measured.Count, measured.Digest());

        async ValueTask End()
        {
            line.Flush();
            line.Reset();
            buffer.WriteByte((byte)'\n');
            if (buffer.Length >= FlushAt)
            {
                await Flush();
            }
        }

        async ValueTask Flush()
        {
            await measured.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), cancellationToken);
            buffer.SetLength(0);
        }
    }

    private static ZipArchiveEntry Entry(ZipArchive zip, string name, DateTimeOffset at)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = at.UtcDateTime;
        return entry;
    }
}
