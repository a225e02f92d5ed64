// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Mail.Links;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Links;

public sealed class LinkTargetTests
{
    [Theory]
    [InlineData("https://example.org", "https://example.org")]
    [InlineData("https://example.org/a%20b?c=d&e=%C3%BC#f", "https://example.org/a%20b?c=d&e=%C3%BC#f")]
    [InlineData(" https://example.org/x\r\n/y ", "https://example.org/x/y")]
    [InlineData("https://example.org:8443/ä", "https://example.org:8443/%C3%A4")]
    [InlineData("http://user:pw@example.org/ ", "http://user:pw@example.org/")]
    [InlineData("https://münchen.example/straße?q=ö", "https://xn--mnchen-3ya.example/stra%C3%9Fe?q=%C3%B6")]
    [InlineData("http://[2001:db8::1]/ü", "http://[2001:db8::1]/%C3%BC")]
    public void A_web_address_is_spelt_in_ASCII_and_otherwise_kept(string written, string target)
    {
        Assert.True(LinkTarget.TryRead(written, out var read, out _));
        Assert.Equal(target, read);
    }

    [Theory]
    [InlineData("", UntrackedReason.Dead)]
    [InlineData("www.example.org", UntrackedReason.Dead)]
    [InlineData("https:///path", UntrackedReason.Dead)]
    [InlineData("https://exa mple.org/", UntrackedReason.Dead)]
    [InlineData("#", UntrackedReason.Anchor)]
    [InlineData("data:text/html,x", UntrackedReason.OtherScheme)]
    [InlineData("ftp://example.org/", UntrackedReason.OtherScheme)]
    [InlineData("http://:pass@example.org/a b", UntrackedReason.Dead)]
    public void Anything_else_has_a_reason(string written, UntrackedReason reason)
    {
        Assert.False(LinkTarget.TryRead(written, out _, out var why));
        Assert.Equal(reason, why);
    }

    [Fact]
    public void A_target_too_long_for_browsers_is_refused()
        => Assert.False(LinkTarget.TryRead("https://example.org/" + new string('x', LinkTarget.MaxLength), out _, out _));

    [Fact]
    public void No_target_can_break_a_Location_header()
        => Gen.OneOf(Gen.String, Gen.Select(Gen.OneOf("http://", "https://example.org", "HTTPS://a"), Gen.String, (start, end) => start + end)).SampleRepeatably(
            written =>
            {
                if (LinkTarget.TryRead(written, out var target, out _))
                {
                    Assert.InRange(target.Length, 8, LinkTarget.MaxLength);
                    Assert.False(target.AsSpan().ContainsAnyExceptInRange('!', '~'));
                    Assert.True(Uri.TryCreate(target, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https");
                }
            },
            iter: 5_000);

    [Theory]
    [InlineData("{{unsubscribe_url}}", true)]
    [InlineData(" {{ UNSUBSCRIBE_URL }} ", true)]
    [InlineData("{{- unsubscribe_url -}}", true)]
    [InlineData("{{ unsubscribe_url }}?x=1", false)]
    [InlineData("{{ unsubscribe_url | upcase }}", false)]
    [InlineData("{{ other }}", false)]
    [InlineData("{{", false)]
    [InlineData("", false)]
    public void The_unsubscribe_field_alone_is_recognised(string text, bool expected) => Assert.Equal(expected, LinkTarget.IsUnsubscribe(text));
}
