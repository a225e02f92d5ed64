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
    public ValueTask Write(ReadOnlyMemory<byte> message, MessageBytes bytes) => chunks ? WriteChunk(message, bytes) : WriteLines(message, bytes);

    /// <summary>Puts the end aside for the next send.</summary>
    public void PutEnd() => wire.Put(chunks ? "\r\n" : ".\r\n");

    /// <summary>The piece lacks its last two octets: until they arrive the receiver counts on and cannot take the message.</summary>
    private async ValueTask WriteChunk(ReadOnlyMemory<byte> message, MessageBytes bytes)
    {
        var body = bytes.EndsOpen ? message : message[..^2];
        wire.Put(string.Create(CultureInfo.InvariantCulture, $"BDAT {body.Length + 2} LAST\r\n"));
        await wire.Send(settings.SmtpBlockTimeout);
        await wire.Send(body, settings.SmtpBlockTimeout);
    }

    private async ValueTask WriteLines(ReadOnlyMemory<byte> message, MessageBytes bytes)
    {
        byte[]? stuffed = null;
        try
        {
            if (bytes.HasDots)
            {
                stuffed = MessageBytes.Stuff(message.Span, out var length);
                message = stuffed.AsMemory(0, length);
            }

            await wire.Send(message, settings.SmtpBlockTimeout);
            if (bytes.EndsOpen)
            {
                wire.Put("\r\n");
                await wire.Send(settings.SmtpBlockTimeout);
            }
        }
        finally
        {
            if (stuffed is not null)
            {
                ArrayPool<byte>.Shared.Return(stuffed);
            }
        }
    }
}
