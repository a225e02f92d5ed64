// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Tutti.Dst.Inbound;

/// <summary>
/// Collects the bytes after DATA up to CRLF dot CRLF and undoes dot-stuffing. Nothing else ends a message: a bare LF or CR, with or without a dot, is noted and stays inside.
/// </summary>
internal sealed class MessageCollector(int limit) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private State _state = State.LineStart;

    private enum State
    {
        LineStart,
        Dot,
        DotReturn,
        Middle,
        Return,
    }

    /// <summary>What was collected.</summary>
    public ReadOnlyMemory<byte> Message => _bytes.AsMemory(0, Length);

    /// <summary>Bytes collected, at most the limit.</summary>
    public int Length { get; private set; }

    /// <summary>The message was larger than the limit; what is collected is only its beginning.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>There was a CR or LF outside of a CRLF. Readers disagree about such messages, so nobody should keep one (SMTP smuggling).</summary>
    public bool HasBareLineEnds { get; private set; }

    /// <summary>Begins a new message.</summary>
    public void Clear() => (Length, IsTooLarge, HasBareLineEnds, _state) = (0, false, false, State.LineStart);

    /// <summary>Takes bytes up to the end of the message.</summary>
    /// <param name="input">What arrived.</param>
    /// <param name="used">How many of them belong to the message and its terminator.</param>
    /// <returns>True when the terminator is complete.</returns>
    public bool Take(ReadOnlySpan<byte> input, out int used)
    {
        for (used = 0; used < input.Length;)
        {
            var value = input[used];
            switch (_state)
            {
                case State.LineStart when value == (byte)'.':
                    used++;
                    _state = State.Dot;
                    break;
                case State.Dot when value == (byte)'\r':
                    used++;
                    _state = State.DotReturn;
                    break;
                case State.DotReturn when value == (byte)'\n':
                    used++;
                    return true;
                case State.DotReturn:
                    TakeBareReturn();
                    break;
                case State.Return when value == (byte)'\n':
                    used++;
                    Add("\r\n"u8);
                    _state = State.LineStart;
                    break;
                case State.Return:
                    TakeBareReturn();
                    break;
                default:
                    used += TakeInLine(input[used..]);
                    break;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private int TakeInLine(ReadOnlySpan<byte> input)
    {
        var end = input.IndexOfAny((byte)'\r', (byte)'\n');
        Add(end < 0 ? input : input[..end]);
        _state = State.Middle;
        if (end < 0)
        {
            return input.Length;
        }

        if (input[end] == (byte)'\r')
        {
            _state = State.Return;
        }
        else
        {
            HasBareLineEnds = true;
            Add("\n"u8);
        }

        return end + 1;
    }

    private void TakeBareReturn()
    {
        HasBareLineEnds = true;
        Add("\r"u8);
        _state = State.Middle;
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (IsTooLarge || bytes.Length > limit - Length)
        {
            IsTooLarge = true;
            return;
        }

        if (bytes.Length > _bytes.Length - Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(_bytes.Length * 2L, Length + (long)bytes.Length)));
            _bytes.AsSpan(0, Length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }
}
