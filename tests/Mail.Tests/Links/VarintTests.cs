// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Mail.Links;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Links;

public sealed class VarintTests
{
    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(127UL, "7F")]
    [InlineData(128UL, "8001")]
    [InlineData(300UL, "AC02")]
    [InlineData(ulong.MaxValue, "FFFFFFFFFFFFFFFFFF01")]
    public void Numbers_take_as_few_bytes_as_possible(ulong value, string hex)
    {
        var bytes = new byte[10];
        Assert.Equal(hex, Convert.ToHexString(bytes, 0, Varint.Write(value, bytes)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("8000")]
    [InlineData("FF808000")]
    [InlineData("FFFFFFFFFFFFFFFFFF02")]
    [InlineData("FFFFFFFFFFFFFFFFFFFF01")]
    public void Cut_long_and_too_large_spellings_are_refused(string hex)
    {
        ReadOnlySpan<byte> bytes = Convert.FromHexString(hex);
        Assert.False(Varint.TryRead(ref bytes, ulong.MaxValue, out _));
    }

    [Fact]
    public void A_number_above_the_limit_is_refused()
    {
        ReadOnlySpan<byte> bytes = [0x80, 0x80, 0x04];
        Assert.False(Varint.TryRead(ref bytes, ushort.MaxValue, out _));
    }

    [Fact]
    public void Every_number_comes_back_and_what_follows_is_left()
        => Gen.ULong.SampleRepeatably(value =>
        {
            Span<byte> bytes = stackalloc byte[12];
            var length = Varint.Write(value, bytes);
            ReadOnlySpan<byte> rest = bytes[..(length + 2)];
            Assert.True(Varint.TryRead(ref rest, ulong.MaxValue, out var read));
            Assert.Equal(value, read);
            Assert.Equal(2, rest.Length);
        });
}
