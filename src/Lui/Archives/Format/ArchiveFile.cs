// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Archives.Format;

/// <summary>
/// Reads an archive, whoever wrote it: nothing is unpacked to the disk, names are only compared with those that there can be, and no part may be longer
/// than the manifest says. What is wrong with it travels as <see cref="ArchiveDamage"/>.
/// </summary>
internal sealed class ArchiveFile : IDisposable
{
    private const int LongestManifest = 1024 * 1024;
    private const int LongestLine = 64 * 1024 * 1024;
    private const int LongestDirectory = 256 * 1024;

    // Rows are alike, so they pack well; but no honest file packs better than this.
    private const long MostPacking = 200;
    private const long NeverTooMuch = 16 * 1024 * 1024;

    private readonly FileStream _file;
    private readonly ZipArchive _zip;

    private ArchiveFile(FileStream file, ZipArchive zip, ArchiveManifest manifest) => (_file, _zip, Manifest) = (file, zip, manifest);

    /// <summary>What it says of itself.</summary>
    public ArchiveManifest Manifest { get; }

    /// <summary>Opens a file and checks its manifest, not yet its parts.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mostBytes">Most bytes that may come out of it.</param>
    public static Outcome<ArchiveFile> Open(string path, long mostBytes)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 128 * 1024);
        ZipArchive? zip = null;
        try
        {
            if (ZipFrame.DirectoryLength(file) is not { } directory)
            {
                throw new ArchiveDamage(ArchiveRefusals.NoArchive());
            }

            if (directory > LongestDirectory)
            {
                throw new ArchiveDamage(ArchiveRefusals.TooMuch());
            }

            file.Position = 0;
            zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var manifest = ReadManifest(zip);
            Check(zip, manifest, file.Length, mostBytes);
            var opened = new ArchiveFile(file, zip, manifest);
            (file, zip) = (null!, null);
            return opened;
        }
        catch (ArchiveDamage damage)
        {
            return damage.Refusal;
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            return ArchiveRefusals.NoArchive();
        }
        finally
        {
            zip?.Dispose();
            file?.Dispose();
        }
    }

    /// <summary>The digest of a whole file.</summary>
    public static async Task<string> DigestOf(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }

    /// <summary>Reads every part to its end: lengths, digests, numbers of rows, the form of each row, and that stored files are what their names say.</summary>
    public async Task<Outcome<bool>> Verify(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var table in ArchivedTable.All)
            {
                if (table.Name == "stored_piece")
                {
                    await VerifyFiles(table, cancellationToken);
                    continue;
                }

                await foreach (var _ in Rows(table, cancellationToken))
                {
                }
            }

            return true;
        }
        catch (ArchiveDamage damage)
        {
            return damage.Refusal;
        }
    }

    /// <summary>The rows of a table, checked as they go by. The first has the number 1.</summary>
    public async IAsyncEnumerable<ArchiveRow> Rows(ArchivedTable table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var part = Manifest.Parts.Single(one => one.Table == table.Name);
        await using var measured = new MeasuredStream(Open(part), part.Bytes);
        var pipe = PipeReader.Create(measured, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        string[]? columns = null;
        var rows = 0L;
        try
        {
            while (await Next(pipe, part, cancellationToken) is { } line)
            {
                if (columns is null)
                {
                    columns = Names(line.Slice(0, line.Length - 1), table);
                }
                else
                {
                    rows++;
                    yield return new ArchiveRow(rows, columns, Values(line.Slice(0, line.Length - 1), columns, part));
                }

                pipe.AdvanceTo(line.End);
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }

        if (columns is null || rows != part.Rows || measured.Count != part.Bytes || measured.Digest() != part.Sha256)
        {
            throw new ArchiveDamage(ArchiveRefusals.BadPart(part.Name));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _zip.Dispose();
        _file.Dispose();
    }

    private static bool IsDamage(Exception exception) => exception is InvalidDataException or JsonException or EndOfStreamException or ArgumentException or OverflowException or InvalidOperationException or NotSupportedException or FormatException;

    private static ArchiveManifest ReadManifest(ZipArchive zip)
    {
        if (zip.Entries.Count(entry => entry.FullName == ArchiveManifest.Name) != 1)
        {
            throw new ArchiveDamage(ArchiveRefusals.NoArchive());
        }

        using var stream = zip.GetEntry(ArchiveManifest.Name)!.Open();
        var bytes = new byte[LongestManifest + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > LongestManifest)
        {
            throw new ArchiveDamage(ArchiveRefusals.TooMuch());
        }

        using (var peek = JsonDocument.Parse(bytes.AsMemory(0, length), new JsonDocumentOptions { MaxDepth = 8 }))
        {
            if (peek.RootElement.ValueKind != JsonValueKind.Object || !peek.RootElement.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.String || format.GetString() != ArchiveManifest.FormatName
                || !peek.RootElement.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number < 1)
            {
                throw new ArchiveDamage(ArchiveRefusals.NoArchive());
            }

            if (number > ArchiveManifest.Newest)
            {
                throw new ArchiveDamage(ArchiveRefusals.Newer(number));
            }
        }

        return JsonSerializer.Deserialize<ArchiveManifest>(bytes.AsSpan(0, length), ArchiveManifest.Json) ?? throw new ArchiveDamage(ArchiveRefusals.NoArchive());
    }

    private static void Check(ZipArchive zip, ArchiveManifest manifest, long packed, long mostBytes)
    {
        var expected = ArchivedTable.All.Select(table => table.Part).Append(ArchiveManifest.Name).Order(StringComparer.Ordinal);
        if (!zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal).SequenceEqual(expected))
        {
            throw new ArchiveDamage(ArchiveRefusals.OtherParts());
        }

        if (!manifest.Parts.Select(part => (part.Name, part.Table)).SequenceEqual(ArchivedTable.All.Select(table => (table.Part, table.Name)))
            || manifest.Parts.Any(part => part.Rows < 0 || part.Bytes < 0))
        {
            throw new ArchiveDamage(ArchiveRefusals.OtherParts());
        }

        var unpacked = manifest.Parts.Sum(part => (decimal)part.Bytes);
        if (unpacked > mostBytes || unpacked > Math.Max(NeverTooMuch, packed * MostPacking))
        {
            throw new ArchiveDamage(ArchiveRefusals.TooMuch());
        }
    }

    private Stream Open(ArchivePart part)
    {
        try
        {
            return _zip.GetEntry(part.Name)!.Open();
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            throw new ArchiveDamage(ArchiveRefusals.BadPart(part.Name));
        }
    }

    private static string[] Names(ReadOnlySequence<byte> line, ArchivedTable table)
    {
        try
        {
            return ArchiveLine.Names(line) is { Length: > 0 } columns && columns.Distinct(StringComparer.Ordinal).Count() == columns.Length && !table.Key.Except(columns).Any()
                ? columns
                : throw new ArchiveDamage(ArchiveRefusals.BadPart(table.Part));
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            throw new ArchiveDamage(ArchiveRefusals.BadPart(table.Part));
        }
    }

    private static object?[] Values(ReadOnlySequence<byte> line, string[] columns, ArchivePart part)
    {
        try
        {
            return ArchiveLine.Values(line, columns.Length) ?? throw new ArchiveDamage(ArchiveRefusals.BadPart(part.Name));
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            throw new ArchiveDamage(ArchiveRefusals.BadPart(part.Name));
        }
    }

    /// <summary>The next line with its end, or null at the end of the part.</summary>
    private static async ValueTask<ReadOnlySequence<byte>?> Next(PipeReader pipe, ArchivePart part, CancellationToken cancellationToken)
    {
        for (var seen = 0L; ;)
        {
            ReadResult read;
            try
            {
                read = await pipe.ReadAsync(cancellationToken);
            }
            catch (Exception damage) when (IsDamage(damage))
            {
                throw new ArchiveDamage(ArchiveRefusals.BadPart(part.Name));
            }

            var buffer = read.Buffer;
            if (buffer.Slice(seen).PositionOf((byte)'\n') is { } end)
            {
                return buffer.Slice(0, buffer.GetPosition(1, end));
            }

            seen = buffer.Length;

            if (read.IsCompleted)
            {
                return buffer.IsEmpty ? null : throw new ArchiveDamage(ArchiveRefusals.BadPart(part.Name));
            }

            if (buffer.Length > LongestLine)
            {
                throw new ArchiveDamage(ArchiveRefusals.TooMuch());
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private async Task VerifyFiles(ArchivedTable pieces, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (current, next) = ((string?)null, 0L);
        await foreach (var row in Rows(pieces, cancellationToken))
        {
            if (row["digest"] is not string digest || row["number"] is not long number || row["content"] is not byte[] content)
            {
                throw new ArchiveDamage(ArchiveRefusals.BadPart(pieces.Part));
            }

            if (digest != current)
            {
                CheckFile();
                (current, next) = (digest, 0);
            }

            if (number != next++)
            {
                throw new ArchiveDamage(ArchiveRefusals.BadPart(pieces.Part));
            }

            hash.AppendData(content);
        }

        CheckFile();

        void CheckFile()
        {
            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != current && current is not null)
            {
                throw new ArchiveDamage(ArchiveRefusals.BadPart(pieces.Part));
            }
        }
    }
}

/// <summary>A row of an archive.</summary>
/// <param name="Number">Its place in its part, from 1.</param>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Values">The values: long, double, string, bool, bytes, or null.</param>
internal sealed record ArchiveRow(long Number, string[] Columns, object?[] Values)
{
    /// <summary>The value of a column; null if it is null or not there.</summary>
    public object? this[string column] => Array.IndexOf(Columns, column) is >= 0 and var index ? Values[index] : null;
}
