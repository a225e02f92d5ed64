// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;

namespace Tutti.Dst.Smtp;

/// <summary>
/// How the bytes of a message travel: after DATA up to a dot (RFC 5321 §4.1.1.4), or in one piece of BDAT that is announced as the last (RFC 3030 §2).
/// Either way there is an end that is kept back; a receiver that lacks it has not got the message.
/// </summary>
internal sealed class Transfer(Wire wire, SmtpSettings settings, bool chunks)
{
    /// <summary>Writes everything but the end.</summary>
    /// <exception cref="WireException">The connection failed.</exception>
    public ValueTask Write(in ReadOnlySequence<byte> message, MessageBytes bytes) => chunks ? WriteChunk(message, bytes) : WriteLines(message, bytes);

    /// <summary>Puts the end aside for the next send.</summary>
    public void PutEnd() => wire.Put(chunks ? "\r\n" : ".\r\n");

    /// <summary>The piece lacks its last two octets: until they arrive the receiver counts on and cannot take the message.</summary>
    private async ValueTask WriteChunk(ReadOnlySequence<byte> message, MessageBytes bytes)
    {
        var body = bytes.EndsOpen ? message : message.Slice(0, message.Length - 2);
        wire.Put(string.Create(CultureInfo.InvariantCulture, $"BDAT {body.Length + 2} LAST\r\n"));
        await wire.Send(settings.SmtpBlockTimeout);
        foreach (var part in body)
        {
            await wire.Send(part, settings.SmtpBlockTimeout);
        }
    }

    private async ValueTask WriteLines(ReadOnlySequence<byte> message, MessageBytes bytes)
    {
        foreach (var part in message)
        {
            if (bytes.HasDots && MessageBytes.HaveDots(part.Span))
            {
                await WriteStuffed(part);
            }
            else
            {
                await wire.Send(part, settings.SmtpBlockTimeout);
            }
        }

        if (bytes.EndsOpen)
        {
            wire.Put("\r\n");
            await wire.Send(settings.SmtpBlockTimeout);
        }
    }

    private async ValueTask WriteStuffed(ReadOnlyMemory<byte> lines)
    {
        var stuffed = MessageBytes.Stuff(lines.Span, out var length);
        try
        {
            await wire.Send(stuffed.AsMemory(0, length), settings.SmtpBlockTimeout);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stuffed);
        }
    }
}
