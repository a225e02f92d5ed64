// SPDX-License-Identifier: Apache-2.0
using System.Text;
using CsCheck;
using Tutti.Dst.Smtp;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Smtp;

public sealed class ReplyReaderTests
{
    [Theory]
    [InlineData("250 Ok\r\n", 250, "", "250 Ok")]
    [InlineData("250\r\n", 250, "", "250")]
    [InlineData("250 Ok\n", 250, "", "250 Ok")]
    [InlineData("550-5.1.1 No such user\r\n550 5.1.1 here\r\n", 550, "5.1.1", "550 5.1.1 No such user 5.1.1 here")]
    [InlineData("451 4.7.651 Slow\r\n", 451, "4.7.651", "451 4.7.651 Slow")]
    [InlineData("550 5.1 No\r\n", 550, "", "550 5.1 No")]
    [InlineData("550 10.0.0.1 listed\r\n", 550, "", "550 10.0.0.1 listed")]
    [InlineData("550 5.1.1\r\n", 550, "5.1.1", "550 5.1.1")]
    [InlineData("250 \u00e9\u0001\tx\r\n", 250, "", "250 \u00e9  x")]
    public void A_reply_is_read(string wire, int code, string enhanced, string text)
    {
        var reader = new ReplyReader();

        Assert.True(reader.Take(Encoding.UTF8.GetBytes(wire), out var used));

        Assert.Equal(Encoding.UTF8.GetByteCount(wire), used);
        Assert.Equal((code, enhanced, text), (reader.Code, reader.EnhancedCode, reader.Text));
    }

    [Theory]
    [InlineData("25 Ok\r\n")]
    [InlineData("2500 Ok\r\n")]
    [InlineData("250_Ok\r\n")]
    [InlineData("150 Ok\r\n")]
    [InlineData("650 Ok\r\n")]
    [InlineData("\r\n")]
    [InlineData("250-Ok\r\n\r\n")]
    [InlineData("250-Ok\r\n550 No\r\n")]
    public void What_is_no_reply_is_not_guessed_at(string wire) =>
        Assert.Throws<WireException>(() => new ReplyReader().Take(Encoding.UTF8.GetBytes(wire), out _));

    [Fact]
    public void Two_replies_in_one_packet_are_two_replies()
    {
        var bytes = "250 One\r\n354 Two\r\n"u8.ToArray();
        var reader = new ReplyReader();

        Assert.True(reader.Take(bytes, out var used));
        Assert.Equal("250 One", reader.Text);
        reader.Clear();
        Assert.True(reader.Take(bytes.AsSpan(used), out _));
        Assert.Equal("354 Two", reader.Text);
    }

    [Fact]
    public void It_does_not_matter_how_a_reply_is_cut_into_packets() => Gen
        .Select(Gen.Int[200, 559].Where(code => code % 100 < 60), Gen.String[Gen.Char[' ', '~'], 0, 30].Array[1, 5], Gen.Int[1, 7])
        .SampleRepeatably((code, lines, size) =>
        {
            var wire = Encoding.ASCII.GetBytes(string.Concat(lines.Select((line, index) => $"{code}{(index == lines.Length - 1 ? ' ' : '-')}{line}\r\n")));
            var whole = new ReplyReader();
            var pieces = new ReplyReader();

            var complete = false;
            for (var at = 0; at < wire.Length; at += size)
            {
                Assert.False(complete);
                complete = pieces.Take(wire.AsSpan(at, Math.Min(size, wire.Length - at)), out _);
            }

            Assert.True(complete);
            Assert.True(whole.Take(wire, out _));
            Assert.Equal((code, whole.Text, whole.EnhancedCode), (whole.Code, pieces.Text, pieces.EnhancedCode));
        });

    [Fact]
    public void Random_bytes_are_a_reply_or_not_but_never_a_crash() => Gen.Byte.Array[0, 200].SampleRepeatably(bytes =>
    {
        var reader = new ReplyReader();
        try
        {
            if (reader.Take(bytes, out _))
            {
                Assert.InRange(reader.Code, 200, 599);
                Assert.InRange(reader.Text.Length, 3, 500);
            }
        }
        catch (WireException)
        {
            // This is no reply: fine.
        }
    });
}
