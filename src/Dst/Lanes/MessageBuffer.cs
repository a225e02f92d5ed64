// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Tutti.Dst.Lanes;

/// <summary>Bytes of one message, with room in front for a signature that is made when the rest is there. Used again for the next message.</summary>
internal sealed class MessageBuffer : IBufferWriter<byte>
{
    private const int FrontRoom = 4096;
    private const int MostKept = 1024 * 1024;

    private byte[] _bytes = new byte[32 * 1024];
    private int _start = FrontRoom;
    private int _end = FrontRoom;

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Message => _bytes.AsMemory(_start, _end - _start);

    /// <summary>Starts over.</summary>
    public void Clear()
    {
        (_start, _end) = (FrontRoom, FrontRoom);
        if (_bytes.Length > MostKept)
        {
            _bytes = new byte[32 * 1024];
        }
    }

    /// <summary>Puts bytes in front of everything.</summary>
    public void Prepend(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _start)
        {
            // A job that names many recipients.
            var more = bytes.Length - _start + FrontRoom;
            var grown = new byte[_bytes.Length + more];
            _bytes.AsSpan(_start, _end - _start).CopyTo(grown.AsSpan(_start + more));
            (_bytes, _start, _end) = (grown, _start + more, _end + more);
        }

        _start -= bytes.Length;
        bytes.CopyTo(_bytes.AsSpan(_start));
    }

    /// <inheritdoc/>
    public void Advance(int count) => _end += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsMemory(_end);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsSpan(_end);
    }

    private void MakeRoom(int sizeHint)
    {
        var needed = _end + Math.Max(sizeHint, 256);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }
    }
}
