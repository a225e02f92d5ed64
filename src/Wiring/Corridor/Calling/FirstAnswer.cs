// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Wiring.Corridor.Calling;

/// <summary>Lies below TLS and keeps the first bytes that the other side sent: a server without TLS answers with something else than a record, and says so by that.</summary>
internal sealed class FirstAnswer(Stream inner) : Stream
{
    private const byte AlertRecord = 0x15;
    private const byte HandshakeRecord = 0x16;
    private const int Needed = 7;
    private readonly byte[] _first = new byte[Needed];
    private int _known;

    /// <summary>True if what came is no TLS.</summary>
    public bool IsPlain => _known > 0 && _first[0] is not (AlertRecord or HandshakeRecord);

    /// <summary>True if nothing came at all.</summary>
    public bool IsSilent => _known == 0;

    /// <summary>The alert (RFC 8446 §6) that the other side answered the hello with, or null.</summary>
    public int? Alert => _known == Needed && _first[0] == AlertRecord ? _first[6] : null;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Keep(buffer.Span[..read]);
        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Keep(buffer.AsSpan(offset, read));
        return read;
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Keep(ReadOnlySpan<byte> read)
    {
        if (_known < Needed)
        {
            var count = Math.Min(read.Length, Needed - _known);
            read[..count].CopyTo(_first.AsSpan(_known));
            _known += count;
        }
    }
}
