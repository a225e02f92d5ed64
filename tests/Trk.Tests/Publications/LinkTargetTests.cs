// SPDX-License-Identifier: Apache-2.0
using Tutti.Trk.Publications;

namespace Tutti.Trk.Tests.Publications;

public sealed class LinkTargetTests
{
    [Theory]
    [InlineData("https://shop.example")]
    [InlineData("http://shop.example:8080/a/../b?x=%zz&y=[1]#top")]
    [InlineData("https://shop.example/%E4%BE%8B")]
    public void What_is_printable_stays_letter_by_letter(string target)
    {
        Assert.True(LinkTarget.TryWrite(target, out var written));
        Assert.Equal(target, written);
    }

    [Theory]
    [InlineData("https://bücher.example/größe?q=ä b", "https://xn--bcher-kva.example/gr%C3%B6%C3%9Fe?q=%C3%A4%20b")]
    [InlineData("https://shop.example/a b", "https://shop.example/a%20b")]
    public void What_is_not_printable_is_written_as_the_web_does(string target, string expected)
    {
        Assert.True(LinkTarget.TryWrite(target, out var written));
        Assert.Equal(expected, written);
    }

    [Theory]
    [InlineData("https://shop.example/\r\nSet-Cookie: a=b")]
    [InlineData("https://shop.example/\0")]
    public void A_header_cannot_be_broken_out_of(string target)
    {
        if (LinkTarget.TryWrite(target, out var written))
        {
            Assert.DoesNotContain(written, letter => letter is < '!' or > '~');
        }
    }

    [Fact]
    public void A_target_has_an_end() => Assert.False(LinkTarget.TryWrite("https://shop.example/" + new string('x', LinkTarget.MaxLength), out _));
}
