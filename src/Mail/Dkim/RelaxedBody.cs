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
        SHA256.HashData(canonical.AsSpan(0, Write(body, canonical, out _)), hash);
        ArrayPool<byte>.Shared.Return(canonical);
    }

    /// <summary>Hashes a body in parts, each of which but the last one ends with a line.</summary>
    public static void Hash(ReadOnlySpan<byte> first, in ReadOnlySequence<byte> rest, Span<byte> hash)
    {
        if (rest.IsEmpty)
        {
            Hash(first, hash);
            return;
        }

        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var emptyLines = 0;
        Append(sum, first, ref emptyLines);
        foreach (var part in rest)
        {
            Append(sum, part.Span, ref emptyLines);
        }

        sum.GetHashAndReset(hash);
    }

    /// <summary>Adds a part. Empty lines at its end count only if something follows.</summary>
    private static void Append(IncrementalHash sum, ReadOnlySpan<byte> part, ref int emptyLines)
    {
        if (IsRelaxed(part))
        {
            AppendLines(sum, part, ref emptyLines);
            return;
        }

        var canonical = ArrayPool<byte>.Shared.Rent(part.Length + 2);
        Write(part, canonical, out var length);
        AppendLines(sum, canonical.AsSpan(0, length), ref emptyLines);
        ArrayPool<byte>.Shared.Return(canonical);
    }

    private static void AppendLines(IncrementalHash sum, ReadOnlySpan<byte> lines, ref int emptyLines)
    {
        var text = WithoutEmptyEnd(lines);
        if (!text.IsEmpty)
        {
            for (; emptyLines > 0; emptyLines--)
            {
                sum.AppendData("\r\n"u8);
            }

            sum.AppendData(text);
        }

        emptyLines += (lines.Length - text.Length) / 2;
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

    /// <returns>Bytes up to the last line that is not empty; with the empty ones behind it there are so many.</returns>
    private static int Write(ReadOnlySpan<byte> body, Span<byte> destination, out int length)
    {
        length = 0;
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
