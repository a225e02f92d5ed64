// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Tutti.Wiring.Corridor.Listening;

/// <summary>What a caller began with.</summary>
/// <param name="Kind">TLS or something else.</param>
/// <param name="Hello">What it offers, where that could be read.</param>
internal sealed record FirstSeen(FirstKind Kind, ClientHello? Hello);

/// <summary>What the first bytes of a connection look like.</summary>
internal enum FirstKind
{
    /// <summary>Nothing came, or the other side went away.</summary>
    Nothing,

    /// <summary>A TLS record.</summary>
    Tls,

    /// <summary>A hello of SSL 2.</summary>
    OldTls,

    /// <summary>HTTP/2 without TLS.</summary>
    PlainHttp2,

    /// <summary>An HTTP/1 request.</summary>
    PlainHttp1,

    /// <summary>Something else.</summary>
    Other,
}

/// <summary>Looks at the first bytes of a connection without taking them.</summary>
internal static class FirstLook
{
    private const int LongestHello = 16 * 1024;
    private static ReadOnlySpan<byte> Http2Start => "PRI * HTTP/2"u8;

    /// <summary>Waits for the first bytes; of a TLS hello for the whole of its first record.</summary>
    public static async Task<FirstSeen> At(ConnectionContext connection, CancellationToken cancellationToken)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken);
            var (seen, isEnough) = Look(result.Buffer);
            if (isEnough || result.IsCompleted)
            {
                // Nothing is taken: whoever reads next gets all of it.
                input.AdvanceTo(result.Buffer.Start);
                return seen;
            }

            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static (FirstSeen Seen, bool IsEnough) Look(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length == 0)
        {
            return (new FirstSeen(FirstKind.Nothing, null), false);
        }

        var start = buffer.Slice(0, Math.Min(buffer.Length, LongestHello)).ToArray().AsSpan();
        if (start[0] == 0x16)
        {
            var needed = ClientHello.LengthOf(start);
            var isWhole = needed is { } length ? start.Length >= Math.Min(length, LongestHello) : start.Length >= 5;
            return (new FirstSeen(isWhole && needed is null ? FirstKind.Other : FirstKind.Tls, ClientHello.Read(start)), isWhole);
        }

        if (start.Length >= 3 && (start[0] & 0x80) != 0 && start[2] == 1)
        {
            return (new FirstSeen(FirstKind.OldTls, null), true);
        }

        if (Http2Start.StartsWith(start) || start.StartsWith(Http2Start))
        {
            return (new FirstSeen(FirstKind.PlainHttp2, null), start.Length >= Http2Start.Length);
        }

        var isText = char.IsAsciiLetterUpper((char)start[0]);
        return (new FirstSeen(isText ? FirstKind.PlainHttp1 : FirstKind.Other, null), isText || start.Length >= 3);
    }
}
