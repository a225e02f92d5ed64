// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Security.Cryptography;

namespace Tutti.Mail.Dkim;

/// <summary>The body hash with relaxed canonicalisation, RFC 6376 §3.4.4.</summary>
internal static class RelaxedBody
{
    /// <summary>Hashes a body with CRLF line ends.</summary>
    public static void Hash(ReadOnlySpan<byte> body, Span<byte> hash)
    {
        if (IsRelaxed(body))
        {
            SHA256.HashData(WithoutEmptyEnd(body), hash);
            return;
        }

        // Every line may grow by the CRLF that the last one lacks.
        var canonical = ArrayPool<byte>.Shared.Rent(body.Length + 2);
        SHA256.HashData(canonical.AsSpan(0, Write(body, canonical)), hash);
        ArrayPool<byte>.Shared.Return(canonical);
    }

    /// <summary>Whether nothing changes but the end: most bodies are like that, and looking is much cheaper than rewriting.</summary>
    private static bool IsRelaxed(ReadOnlySpan<byte> body) =>
        body.EndsWith("\r\n"u8) && !body.Contains((byte)'\t') && body.IndexOf("  "u8) < 0 && body.IndexOf(" \r\n"u8) < 0;

    private static ReadOnlySpan<byte> WithoutEmptyEnd(ReadOnlySpan<byte> body)
    {
        while (body.EndsWith("\r\n\r\n"u8))
        {
            body = body[..^2];
        }

        return body is [(byte)'\r', (byte)'\n'] ? [] : body;
    }

    private static int Write(ReadOnlySpan<byte> body, Span<byte> destination)
    {
        var length = 0;
        var lastText = 0;
        while (!body.IsEmpty)
        {
            var end = body.IndexOf("\r\n"u8);
            var line = (end < 0 ? body : body[..end]).TrimEnd(" \t"u8);
            body = end < 0 ? [] : body[(end + 2)..];
            length += WriteLine(line, destination[length..]);
            "\r\n"u8.CopyTo(destination[length..]);
            length += 2;

            // Empty lines at the end do not count.
            lastText = line.IsEmpty ? lastText : length;
        }

        return lastText;
    }

    private static int WriteLine(ReadOnlySpan<byte> line, Span<byte> destination)
    {
        if (!line.Contains((byte)'\t') && line.IndexOf("  "u8) < 0)
        {
            line.CopyTo(destination);
            return line.Length;
        }

        return RelaxedText.Collapse(line, destination);
    }
}
