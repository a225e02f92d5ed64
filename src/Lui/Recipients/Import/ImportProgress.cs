// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Recipients.Import;

/// <summary>How far an import is. Counted by the thread that stores, read by any.</summary>
internal sealed class ImportProgress(long bytes, long bytesRead = 0, long valid = 0, long invalid = 0, long duplicates = 0)
{
    private long _bytesRead = bytesRead;
    private long _valid = valid;
    private long _invalid = invalid;
    private long _duplicates = duplicates;
    private long _misfits;

    /// <summary>Bytes of the file that are stored.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>Valid, distinct recipients stored so far.</summary>
    public long Valid => Interlocked.Read(ref _valid);

    /// <summary>Invalid lines so far.</summary>
    public long Invalid => Interlocked.Read(ref _invalid);

    /// <summary>Duplicate lines so far.</summary>
    public long Duplicates => Interlocked.Read(ref _duplicates);

    /// <summary>Recipients so far with a value that is not what its column says, where this process counts them.</summary>
    public long Misfits => Interlocked.Read(ref _misfits);

    /// <summary>From 0 to 100.</summary>
    public int Percent => bytes == 0 ? 100 : (int)Math.Min(100, 100 * BytesRead / bytes);

    internal void Add(RecipientChunk chunk)
    {
        Interlocked.Exchange(ref _bytesRead, chunk.BytesRead);
        Interlocked.Add(ref _valid, chunk.Recipients.Count);
        Interlocked.Add(ref _invalid, chunk.SetAside.Count - chunk.Duplicates - chunk.Misfits);
        Interlocked.Add(ref _misfits, chunk.Misfits);
        Interlocked.Add(ref _duplicates, chunk.Duplicates);
    }
}
