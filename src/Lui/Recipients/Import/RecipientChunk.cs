// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Recipients.Import;

/// <summary>Some rows of a file, between the thread that reads and the one that stores.</summary>
internal sealed class RecipientChunk
{
    /// <summary>Rows in one chunk, and so in one transaction: short enough that writers in line hardly notice, long enough that commits cost little.</summary>
    public const int Size = 10_000;

    /// <summary>Valid recipients.</summary>
    public List<Row> Recipients { get; } = new(Size);

    /// <summary>Lines that were set apart.</summary>
    public List<SetAside> SetAside { get; } = [];

    /// <summary>How many lines of the chunk were duplicates.</summary>
    public int Duplicates { get; set; }

    /// <summary>True if no more rows should go in.</summary>
    public bool IsFull => Recipients.Count + SetAside.Count >= Size;

    /// <summary>How far the file was read, in bytes.</summary>
    public long BytesRead { get; set; }

    /// <summary>A recipient as it is stored; fields are JSON.</summary>
    internal readonly record struct Row(long Id, string Address, string Normalized, string DisplayName, string Fields);
}
