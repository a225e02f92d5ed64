// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;

namespace Tutti.Dst.Smtp;

/// <summary>What the bytes of a message mean on the wire.</summary>
/// <param name="IsSound">Every line ends with CRLF and there is no CR or LF outside of one: a receiver can see only one end.</param>
/// <param name="IsEightBit">There are bytes over 127.</param>
/// <param name="HasDots">There are lines that begin with a dot.</param>
/// <param name="EndsOpen">The last line lacks its CRLF.</param>
internal readonly record struct MessageBytes(bool IsSound, bool IsEightBit, bool HasDots, bool EndsOpen)
{
    /// <summary>Looks a message through; each of its parts but the last one ends with a line.</summary>
    public static MessageBytes Of(in ReadOnlySequence<byte> message)
    {
        if (message.IsSingleSegment)
        {
            return Of(message.FirstSpan);
        }

        var all = new MessageBytes(IsSound: true, IsEightBit: false, HasDots: false, EndsOpen: false);
        foreach (var part in message)
        {
            var one = Of(part.Span);
            all = new(all.IsSound && one.IsSound, all.IsEightBit || one.IsEightBit, all.HasDots || one.HasDots, one.EndsOpen);
        }

        return all;
    }

    /// <summary>Looks a message through.</summary>
    public static MessageBytes Of(ReadOnlySpan<byte> message)
    {
        var dots = message is [(byte)'.', ..];
        for (var rest = message; ;)
        {
            var at = rest.IndexOfAny((byte)'\r', (byte)'\n');
            if (at < 0)
            {
                return new(true, !Ascii.IsValid(message), dots, !rest.IsEmpty || message.IsEmpty);
            }

            rest = rest[at..];
            if (rest is not [(byte)'\r', (byte)'\n', ..])
            {
                return new(false, !Ascii.IsValid(message), dots, false);
            }

            rest = rest[2..];
            dots |= rest is [(byte)'.', ..];
        }
    }

    /// <summary>Whether there are lines that begin with a dot.</summary>
    public static bool HaveDots(ReadOnlySpan<byte> lines) => lines is [(byte)'.', ..] || lines.IndexOf("\n."u8) >= 0;

    /// <summary>Doubles the dots at the head of lines (RFC 5321 §4.5.2) into a rented array.</summary>
    public static byte[] Stuff(ReadOnlySpan<byte> message, out int length)
    {
        // A line is at least a dot, CR and LF long, so that no message grows by more than a third.
        var target = ArrayPool<byte>.Shared.Rent(message.Length + (message.Length / 3) + 1);
        length = 0;
        while (!message.IsEmpty)
        {
            if (message[0] == (byte)'.')
            {
                target[length++] = (byte)'.';
            }

            var line = message.IndexOf((byte)'\n') + 1;
            var part = message[..(line == 0 ? message.Length : line)];
            part.CopyTo(target.AsSpan(length));
            length += part.Length;
            message = message[part.Length..];
        }

        return target;
    }
}
