// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.IO.Compression;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients.Workbooks;

/// <summary>
/// A spreadsheet that was uploaded (Office Open XML, ISO/IEC 29500): one of its sheets becomes separated values, which go the way of every other file.
/// Nothing of it is trusted: how large it becomes is measured before it is read.
/// </summary>
/// <param name="path">Where it lies.</param>
/// <param name="fileName">As people named it.</param>
internal sealed class Workbook(string path, string fileName)
{
    /// <summary>Longest text in bytes; a cell has at most 32,767 characters, in which an entity may take ten bytes.</summary>
    private const int LongestText = 512 * 1024;

    /// <summary>How many times its own size a workbook may become; spreadsheets of people are at 5 to 20.</summary>
    private const int MostInflation = 200;

    private const long AlwaysAllowed = 64L * 1024 * 1024;

    private static readonly OpenXmlConfiguration _configuration = new() { EnableSharedStringCache = true, FillMergedCells = false, TrimColumnNames = false };

    /// <summary>What a file is by its first bytes.</summary>
    public static FileKind KindOf(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[8];
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        return start.StartsWith("PK\x03\x04"u8) ? FileKind.Archive
            : start.SequenceEqual((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) ? FileKind.OldOffice
            : FileKind.Text;
    }

    /// <summary>Opens a sheet.</summary>
    /// <param name="wanted">Its name; null for the first that can be seen and has something in it.</param>
    public Outcome<WorkbookSheet> Open(string? wanted)
    {
        try
        {
            if (Measure() is { } refusal)
            {
                return refusal;
            }

            var sheets = MiniExcel.GetSheetInformations(path, _configuration);
            var names = sheets.Select(sheet => sheet.Name).ToList();
            if (wanted is not null)
            {
                return names.Find(name => string.Equals(name, wanted.Trim(), StringComparison.OrdinalIgnoreCase)) is { } found
                    ? new WorkbookSheet(found, Rows(found))
                    : WorkbookRefusals.NoSuchSheet(fileName, wanted, names);
            }

            foreach (var name in sheets.Where(sheet => sheet.State == SheetState.Visible).Select(sheet => sheet.Name))
            {
                if (Rows(name).Any(row => row.Count > 0))
                {
                    return new WorkbookSheet(name, Rows(name));
                }
            }

            return WorkbookRefusals.NothingIn(fileName);
        }
        catch (Exception failure) when (IsDamage(failure))
        {
            return WorkbookRefusals.Damaged(fileName);
        }
    }

    /// <summary>Whether a failure while a workbook is read is the file's: its reader stumbles over a damaged one in many ways.</summary>
    public static bool IsDamage(Exception failure) =>
        failure is InvalidDataException or System.Xml.XmlException or FormatException or OverflowException or ArgumentException or InvalidOperationException or KeyNotFoundException
            or IndexOutOfRangeException or NullReferenceException or NotSupportedException;

    /// <summary>Each row up to its last cell that is not empty.</summary>
    private IEnumerable<IReadOnlyList<string>> Rows(string sheet)
    {
        foreach (IDictionary<string, object?> row in MiniExcel.Query(path, useHeaderRow: false, sheet, ExcelType.XLSX, configuration: _configuration))
        {
            var values = row.Values.Select(CellText.Of).ToList();
            var end = values.FindLastIndex(value => value.Length > 0) + 1;
            yield return values.GetRange(0, end);
        }
    }

    private Refusal? Measure()
    {
        using var file = File.OpenRead(path);
        using var archive = new ZipArchive(file, ZipArchiveMode.Read);
        if (archive.GetEntry("xl/workbook.xml") is null)
        {
            return WorkbookRefusals.OtherArchive(fileName);
        }

        var most = Math.Max(AlwaysAllowed, file.Length * MostInflation);
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            foreach (var entry in archive.Entries.Where(entry => Path.GetExtension(entry.FullName).ToUpperInvariant() is ".XML" or ".RELS"))
            {
                if (!IsSound(entry, buffer, ref most))
                {
                    return WorkbookRefusals.Unreasonable(fileName);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return null;
    }

    // What the directory says of an entry's size may be a lie, so it is read.
    private static bool IsSound(ZipArchiveEntry entry, byte[] buffer, ref long most)
    {
        using var content = entry.Open();
        var text = 0L;
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            most -= read;
            var last = buffer.AsSpan(0, read).LastIndexOf((byte)'<');
            var first = buffer.AsSpan(0, read).IndexOf((byte)'<');
            if (most < 0 || text + (first < 0 ? read : first) > LongestText)
            {
                return false;
            }

            text = last < 0 ? text + read : read - last;
        }

        return true;
    }
}

/// <summary>What a file is by its first bytes.</summary>
internal enum FileKind
{
    /// <summary>Nothing else: separated values, or an attempt at it.</summary>
    Text,

    /// <summary>A ZIP archive; workbooks are such.</summary>
    Archive,

    /// <summary>A compound file: a workbook of before 2007, or one with a password.</summary>
    OldOffice,
}

/// <summary>A sheet that is read.</summary>
/// <param name="Name">As people named it.</param>
/// <param name="Rows">Its rows, read as they are asked for; an empty one where the sheet has none.</param>
internal sealed record WorkbookSheet(string Name, IEnumerable<IReadOnlyList<string>> Rows);
