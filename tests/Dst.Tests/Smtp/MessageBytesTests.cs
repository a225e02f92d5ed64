// SPDX-License-Identifier: Apache-2.0
using System.Text;
using CsCheck;
using Tutti.Dst.Inbound;
using Tutti.Dst.Smtp;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Smtp;

public sealed class MessageBytesTests
{
    [Theory]
    [InlineData("", true, false, false, true)]
    [InlineData("a\r\n", true, false, false, false)]
    [InlineData("a\r\nb", true, false, false, true)]
    [InlineData(".a\r\n", true, false, true, false)]
    [InlineData("a\r\n.\r\n", true, false, true, false)]
    [InlineData("a.\r\nb.\r\n", true, false, false, false)]
    [InlineData("é\r\n", true, true, false, false)]
    [InlineData("a\nb\r\n", false, false, false, false)]
    [InlineData("a\r\r\n", false, false, false, false)]
    [InlineData("a\r", false, false, false, false)]
    public void A_message_is_looked_through(string message, bool sound, bool eightBit, bool dots, bool open) =>
        Assert.Equal(new MessageBytes(sound, eightBit, dots, open), MessageBytes.Of(Encoding.UTF8.GetBytes(message)));

    [Fact]
    public void What_is_stuffed_by_the_sender_is_restored_by_the_receiver_however_it_is_cut() => Gen
        .Select(Gen.String[Gen.Char['-', '0'], 0, 6].Array[0, 12], Gen.Int[1, 9])
        .SampleRepeatably((lines, size) =>
        {
            var message = Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\r\n")));
            var stuffed = MessageBytes.Stuff(message, out var length);
            byte[] wire = [.. stuffed.AsSpan(0, length), .. ".\r\nQUIT\r\n"u8];
            using var collector = new MessageCollector(1000);

            var at = 0;
            var complete = false;
            while (!complete)
            {
                complete = collector.Take(wire.AsSpan(at, Math.Min(size, wire.Length - at)), out var used);
                at += used;
            }

            Assert.Equal("QUIT\r\n", Encoding.ASCII.GetString(wire.AsSpan(at)));
            Assert.False(collector.HasBareLineEnds);
            Assert.Equal(message, collector.Message.ToArray());
        });

    [Theory]
    [InlineData("a@b.example", true)]
    [InlineData("\"a b\"@b.example", true)]
    [InlineData("\"a\\\"b@c\"@b.example", true)]
    [InlineData("grün@b.example", true)]
    [InlineData("a@[192.0.2.1]", true)]
    [InlineData("a b@b.example", false)]
    [InlineData("a@b@c.example", false)]
    [InlineData("\"a@b.example", false)]
    [InlineData("@b.example", false)]
    [InlineData("a@", false)]
    [InlineData("a\0@b.example", false)]
    [InlineData("a\u0085@b.example", false)]
    [InlineData("<a@b.example>", false)]
    [InlineData("\"a\r\nDATA\"@b.example", false)]
    public void Only_addresses_that_mean_one_thing_get_into_an_envelope(string address, bool sound) =>
        Assert.Equal(sound, EnvelopeAddress.IsSound(address));

    [Fact]
    public void An_address_is_at_most_254_bytes_long()
    {
        Assert.True(EnvelopeAddress.IsSound(new string('a', 244) + "@b.example"));
        Assert.False(EnvelopeAddress.IsSound(new string('a', 245) + "@b.example"));
    }
}
