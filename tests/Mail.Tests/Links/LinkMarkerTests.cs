// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Mail.Links;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Links;

public sealed class LinkMarkerTests
{
    [Theory]
    [InlineData("\u0001L12\u0002 rest", LinkKind.Click, 12u, 5)]
    [InlineData("\u0001O\u0002", LinkKind.Open, 0u, 3)]
    [InlineData("\u0001U\u0002x", LinkKind.Unsubscribe, 0u, 3)]
    public void A_marker_is_read(string text, LinkKind kind, uint link, int length)
    {
        Assert.True(LinkMarker.TryRead(text, out var readKind, out var readLink, out var readLength));
        Assert.Equal((kind, link, length), (readKind, readLink, readLength));
    }

    [Theory]
    [InlineData("")]
    [InlineData("L1\u0002")]
    [InlineData("\u0001")]
    [InlineData("\u0001\u0002")]
    [InlineData("\u0001L\u0002")]
    [InlineData("\u0001L0\u0002")]
    [InlineData("\u0001L-1\u0002")]
    [InlineData("\u0001L1 \u0002")]
    [InlineData("\u0001L99999999999\u0002")]
    [InlineData("\u0001O1\u0002")]
    [InlineData("\u0001X\u0002")]
    [InlineData("\u0001L1")]
    public void Anything_else_is_none(string text) => Assert.False(LinkMarker.TryRead(text, out _, out _, out _));

    [Fact]
    public void Every_link_number_has_a_marker()
        => Gen.UInt[1, uint.MaxValue].SampleRepeatably(number => Assert.True(LinkMarker.TryRead(LinkMarker.Of(number), out _, out var link, out _) && link == number));
}
