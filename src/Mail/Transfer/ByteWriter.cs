// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;

namespace Tutti.Mail.Transfer;

/// <summary>Writes bytes into an <see cref="IBufferWriter{T}"/> piece by piece; what was written is handed over by <see cref="Flush"/>.</summary>
internal ref struct ByteWriter(IBufferWriter<byte> output)
{
    private const int Room = 4096;

    private Span<byte> _span;
    private int _written;

    /// <summary>At least so much room; what is used of it is told to <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_span.Length - _written < length)
        {
            Flush();
            _span = output.GetSpan(Math.Max(length, Room));
        }

        return _span[_written..];
    }

    public void Advance(int length) => _written += length;

    public void Write(byte value)
    {
        Reserve(1)[0] = value;
        _written++;
    }

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _written += bytes.Length;
    }

    /// <summary>Writes ASCII text.</summary>
    public void WriteAscii(scoped ReadOnlySpan<char> text)
    {
        var room = Reserve(text.Length);
        Ascii.FromUtf16(text, room, out var written);
        _written += written;
    }

    public void Flush()
    {
        if (_written > 0)
        {
            output.Advance(_written);
        }

        _span = default;
        _written = 0;
    }
}
