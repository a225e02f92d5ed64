// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;

namespace Tutti.Lui.Recipients.Import;

/// <summary>
/// Some rows of a file, between the thread that reads and the one that stores. Recipients are kept as UTF-8 in one
/// buffer, because both databases take it as it is: a string for every value would cost more than all the rest.
/// </summary>
internal sealed class RecipientChunk
{
    /// <summary>Rows in one chunk, and so in one transaction: short enough that writers in line hardly notice, long enough that commits cost little.</summary>
    public const int Size = 10_000;

    private const int RoomPerRow = 400;
    private const int MostBytes = 64 * 1024 * 1024;
    private readonly ArrayBufferWriter<byte> _bytes = new(Size * RoomPerRow);

    /// <summary>Valid recipients.</summary>
    public List<Row> Recipients { get; } = new(Size);

    /// <summary>Lines that were set apart, and those of recipients with misfits.</summary>
    public List<SetAside> SetAside { get; } = [];

    /// <summary>How many lines of the chunk were duplicates.</summary>
    public int Duplicates { get; set; }

    /// <summary>How many recipients have a value that is not what its column says; they are among the lines to be looked at.</summary>
    public int Misfits { get; set; }

    /// <summary>True if no more rows should go in.</summary>
    public bool IsFull => Recipients.Count + SetAside.Count >= Size || _bytes.WrittenCount > MostBytes;

    /// <summary>How far the file was read, in bytes.</summary>
    public long BytesRead { get; set; }

    /// <summary>Where the values are written.</summary>
    public IBufferWriter<byte> Bytes => _bytes;

    /// <summary>How much was written to <see cref="Bytes"/>.</summary>
    public int Written => _bytes.WrittenCount;

    /// <summary>A value.</summary>
    public ReadOnlySpan<byte> this[Text text] => _bytes.WrittenSpan.Slice(text.Start, text.Length);

    /// <summary>Writes a value.</summary>
    public Text Write(ReadOnlySpan<byte> value)
    {
        var start = Written;
        _bytes.Write(value);
        return new Text(start, value.Length);
    }

    /// <summary>Writes a value.</summary>
    public Text Write(ReadOnlySpan<char> value)
    {
        var start = Written;
        return new Text(start, (int)Encoding.UTF8.GetBytes(value, _bytes));
    }

    /// <summary>Makes it empty, to be filled again.</summary>
    public void Clear()
    {
        _bytes.ResetWrittenCount();
        Recipients.Clear();
        SetAside.Clear();
        Duplicates = 0;
        Misfits = 0;
        BytesRead = 0;
    }

    /// <summary>Where a value lies in <see cref="Bytes"/>.</summary>
    internal readonly record struct Text(int Start, int Length);

    /// <summary>A recipient as it is stored; fields are JSON.</summary>
    internal readonly record struct Row(long Id, Text Address, Text Normalized, Text DisplayName, Text Fields);
}
