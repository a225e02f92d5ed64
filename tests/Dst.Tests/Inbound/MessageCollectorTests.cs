// SPDX-License-Identifier: Apache-2.0
using System.Text;
using CsCheck;
using Tutti.Dst.Inbound;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Inbound;

public sealed class MessageCollectorTests
{
    // Bytes that matter, often enough to meet.
    private static readonly Gen<byte> _byte = Gen.OneOf((byte)'\r', (byte)'\n', (byte)'.', (byte)'a');

    [Theory]
    [InlineData("a\n.\n")]
    [InlineData("a\n.\r\n")]
    [InlineData("a\r\n.\n")]
    [InlineData("a\r.\r")]
    [InlineData("a\r\n.\r")]
    [InlineData("a\r\n.\r\r\n")]
    [InlineData("a\r\n.\0\r\n")]
    [InlineData("a\r\n .\r\n")]
    public void Only_a_dot_between_two_CRLF_ends_a_message(string wire)
    {
        using var collector = new MessageCollector(1000);

        Assert.False(collector.Take(Encoding.ASCII.GetBytes(wire), out _));
    }

    [Fact]
    public void The_end_is_where_the_first_CRLF_dot_CRLF_is() => Gen.Select(_byte.Array[0, 60], Gen.Int[1, 60]).SampleRepeatably((wire, size) =>
    {
        using var collector = new MessageCollector(1000);
        var end = ((byte[])[.. "\r\n"u8, .. wire]).AsSpan().IndexOf("\r\n.\r\n"u8);
        var expected = end < 0 ? wire.Length : end + 3;

        var at = 0;
        var complete = false;
        while (!complete && at < wire.Length)
        {
            complete = collector.Take(wire.AsSpan(at, Math.Min(size, wire.Length - at)), out var used);
            at += used;
        }

        Assert.Equal(end >= 0, complete);
        Assert.Equal(expected, at);
    });

    [Fact]
    public void A_message_over_the_limit_is_read_to_its_end_but_not_kept()
    {
        using var collector = new MessageCollector(10);

        Assert.True(collector.Take("0123456789\r\nmore\r\n.\r\n"u8, out _));
        Assert.True(collector.IsTooLarge);
        Assert.InRange(collector.Length, 0, 10);
    }

    [Theory]
    [InlineData("a\r\n.\r\n", false)]
    [InlineData("a\nb\r\n.\r\n", true)]
    [InlineData("a\rb\r\n.\r\n", true)]
    [InlineData(".\ra\r\n.\r\n", true)]
    public void Bare_line_ends_are_noticed(string wire, bool bare)
    {
        using var collector = new MessageCollector(1000);

        Assert.True(collector.Take(Encoding.ASCII.GetBytes(wire), out _));
        Assert.Equal(bare, collector.HasBareLineEnds);
    }
}
