// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace Tutti.Lui.Archives.Format;

/// <summary>Lets bytes through, one way, and measures them: how many, and their SHA-256. More than it may be is never let through.</summary>
internal sealed class MeasuredStream(Stream below, long most = long.MaxValue) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>How many came through.</summary>
    public long Count { get; private set; }

    /// <summary>Their digest, once.</summary>
    public string Digest() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <inheritdoc/>
    public override bool CanRead => below.CanRead;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => below.CanWrite;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => Count;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Flush() => below.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Passed(buffer.AsSpan(offset, below.Read(buffer, offset, count)));

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await below.ReadAsync(buffer, cancellationToken);
        return Passed(buffer.Span[..read]);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        below.Write(buffer, offset, count);
        Passed(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await below.WriteAsync(buffer, cancellationToken);
        Passed(buffer.Span);
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            below.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Passed(ReadOnlySpan<byte> bytes)
    {
        if ((Count += bytes.Length) > most)
        {
            throw new InvalidDataException("More comes out of it than it says.");
        }

        _hash.AppendData(bytes);
        return bytes.Length;
    }
}
