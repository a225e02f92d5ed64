// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Tutti.Mail.Transfer;

namespace Tutti.Dst.Lanes;

/// <summary>
/// One message, with room in front for a signature that is made when the rest is there. Used again for the next message. Files are not copied but referred
/// to, so that what a connection holds does not grow with them.
/// </summary>
internal sealed class MessageBuffer : ISharesLines
{
    private const int FrontRoom = 4096;
    private const int Usual = 32 * 1024;
    private const int MostKept = 1024 * 1024;

    private readonly List<(int At, ReadOnlyMemory<byte> Lines)> _shared = [];
    private byte[] _bytes = new byte[Usual];
    private int _start = FrontRoom;
    private int _end = FrontRoom;

    /// <summary>What was written; in several parts where lines are shared, each of which but the last one ends with a line.</summary>
    public ReadOnlySequence<byte> Message => _shared.Count == 0 ? new(_bytes.AsMemory(_start, _end - _start)) : Join();

    /// <summary>Starts over.</summary>
    public void Clear()
    {
        (_start, _end) = (FrontRoom, FrontRoom);
        _shared.Clear();
        if (_bytes.Length > MostKept)
        {
            _bytes = new byte[Usual];
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
            for (var index = 0; index < _shared.Count; index++)
            {
                _shared[index] = (_shared[index].At + more, _shared[index].Lines);
            }
        }

        _start -= bytes.Length;
        bytes.CopyTo(_bytes.AsSpan(_start));
    }

    /// <inheritdoc/>
    public void Share(ReadOnlyMemory<byte> lines)
    {
        if (lines.Span.EndsWith("\r\n"u8) && _bytes.AsSpan(_start, _end - _start).EndsWith("\r\n"u8))
        {
            _shared.Add((_end, lines));
        }
        else
        {
            this.Write(lines.Span);
        }
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

    private ReadOnlySequence<byte> Join()
    {
        var first = new Part(_bytes.AsMemory(_start, _shared[0].At - _start), before: null);
        var last = first;
        for (var index = 0; index < _shared.Count; index++)
        {
            var (at, lines) = _shared[index];
            last = new Part(lines, last);
            var next = index + 1 < _shared.Count ? _shared[index + 1].At : _end;
            last = next > at ? new Part(_bytes.AsMemory(at, next - at), last) : last;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public Part(ReadOnlyMemory<byte> bytes, Part? before)
        {
            Memory = bytes;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
