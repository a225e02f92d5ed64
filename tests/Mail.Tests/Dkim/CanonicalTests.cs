// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Tutti.Mail.Dkim;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Dkim;

/// <summary>The examples of RFC 6376 §3.4.5, and a slow canonicalisation written from its text.</summary>
public sealed class CanonicalTests
{
    [Theory]
    [InlineData(" C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n")]
    [InlineData("", "")]
    [InlineData("\r\n\r\n", "")]
    [InlineData(" \t\r\n", "")]
    [InlineData("x", "x\r\n")]
    [InlineData("\r\nx\r\n", "\r\nx\r\n")]
    [InlineData("a\tb  c\r\n", "a b c\r\n")]
    public void The_body_is_hashed_in_relaxed_form(string body, string canonical) => Assert.Equal(Sha(canonical), Hash(body));

    [Fact]
    public void Every_body_hashes_like_the_slow_way()
        => Gen.OneOf("\r\n", " ", "\t", "a", "bc", ".").Array[0, 30].SampleRepeatably(
            parts =>
            {
                var body = string.Concat(parts);
                Assert.Equal(Sha(Slow(body)), Hash(body));
            },
            iter: 5_000);

    [Fact]
    public void A_body_in_parts_hashes_like_the_whole_one()
        => Gen.OneOf("\r\n", " ", "\t", "a", "bc", ".").Array[0, 8].Array[1, 6].SampleRepeatably(
            parts =>
            {
                // Each part but the last one ends with a line.
                List<string> all = [.. parts.SkipLast(1).Select(part => string.Concat(part) + "\r\n"), string.Concat(parts[^1])];
                Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
                RelaxedBody.Hash(Encoding.ASCII.GetBytes(all[0]), Joined(all[1..]), hash);
                Assert.Equal(Sha(Slow(string.Concat(all))), Convert.ToHexString(hash));
            },
            iter: 5_000);

    [Theory]
    [InlineData("a: X\r\nB : Y\t\r\n\tZ  \r\n\r\nbody", "a", " X\r\n")]
    [InlineData("a: X\r\nB : Y\t\r\n\tZ  \r\n\r\nbody", "b", " Y\t\r\n\tZ  \r\n")]
    [InlineData("A: 1\r\na: 2\r\n\r\n", "a", " 2\r\n")]
    [InlineData("a: 1", "a", " 1")]
    public void Fields_of_a_header_are_found_from_the_bottom(string message, string name, string value)
    {
        var fields = HeaderFields.Of(Encoding.ASCII.GetBytes(message), new HeaderFields.Field[10]);
        Assert.True(fields.TryFind(Encoding.ASCII.GetBytes(name), out var found));
        Assert.Equal(value, Encoding.ASCII.GetString(found));
        Assert.False(fields.TryFind("c"u8, out _));
    }

    [Theory]
    [InlineData("a: 1\r\n\r\nbody", "body")]
    [InlineData("a: 1\r\n\r\n", "")]
    [InlineData("a: 1\r\n", "")]
    [InlineData("\r\nbody: x", "body: x")]
    [InlineData("", "")]
    public void The_body_begins_behind_the_first_empty_line(string message, string body)
        => Assert.Equal(body, message[HeaderFields.Of(Encoding.ASCII.GetBytes(message), new HeaderFields.Field[10]).BodyStart..]);

    [Theory]
    [InlineData(" a \t b ", " a b ")]
    [InlineData("a\r\n  b", "a b")]
    [InlineData("", "")]
    public void Runs_of_blanks_become_one(string text, string collapsed)
    {
        var room = new byte[text.Length];
        Assert.Equal(collapsed, Encoding.ASCII.GetString(room, 0, RelaxedText.Collapse(Encoding.ASCII.GetBytes(text), room)));
    }

    private static string Slow(string body)
    {
        var lines = body.Split("\r\n").Select(line => Regex.Replace(line, "[ \t]+", " ").TrimEnd(' ')).ToList();
        while (lines.Count > 0 && lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return string.Concat(lines.Select(line => line + "\r\n"));
    }

    private static string Hash(string body)
    {
        var hash = new byte[32];
        RelaxedBody.Hash(Encoding.ASCII.GetBytes(body), hash);
        return Convert.ToHexString(hash);
    }

    private static ReadOnlySequence<byte> Joined(List<string> parts)
    {
        if (parts.Count == 0)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        var first = new Part(parts[0], null);
        var last = parts.Skip(1).Aggregate(first, (before, part) => new Part(part, before));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private static string Sha(string text) => Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(text)));

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public Part(string text, Part? before)
        {
            Memory = Encoding.ASCII.GetBytes(text);
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
