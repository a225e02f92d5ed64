// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Preflight;
using Tutti.Lui.Preflight.Rules;

namespace Tutti.Lui.Tests.Preflight.Rules;

public sealed class RulesTests
{
    [Theory]
    [InlineData("<p>No way out</p>", "None", "no link to unsubscribe")]
    [InlineData("<p>No way out</p>", "Leave: {{ unsubscribe_url }}", "Only the text part")]
    [InlineData("<a href=\"{{ unsubscribe_url }}\">leave</a>", "None", "Only the HTML part")]
    [InlineData("<p>No way out</p>", null, "no link to unsubscribe")]
    public async Task A_part_without_a_way_out_asks(string html, string? text, string words)
    {
        var finding = Assert.Single(await new UnsubscribeRule().Look(Messages.Of(html, text), TestContext.Current.CancellationToken));

        Assert.Equal(PreflightLevel.Warning, finding.Level);
        Assert.Contains(words, finding.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<a href=\"{{ unsubscribe_url }}\">leave</a>", "Leave: {{ unsubscribe_url }}")]
    [InlineData("<a href=\"{{ unsubscribe_url }}\">leave</a>", null)]
    [InlineData(null, "Leave: {{ unsubscribe_url }}")]
    public async Task A_way_out_in_every_part_is_good(string? html, string? text) =>
        Assert.Equal(PreflightLevel.Good, Assert.Single(await new UnsubscribeRule().Look(Messages.Of(html, text), TestContext.Current.CancellationToken)).Level);

    [Fact]
    public async Task Where_all_get_the_same_message_nobody_is_told_to_write_a_link_of_ones_own()
    {
        var finding = Assert.Single(await new UnsubscribeRule().Look(Messages.Of("<p>Hello</p>", way: JobWay.ListservTogether), TestContext.Current.CancellationToken));

        Assert.Equal(PreflightLevel.Warning, finding.Level);
        Assert.DoesNotContain("unsubscribe_url", finding.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The Example Society, Am Hof 12, 53113 Bonn")]
    [InlineData("Example Ltd, 10 Downing Street, London SW1A 2AA")]
    [InlineData("Example Inc., 742 Evergreen Terrace, Springfield, IL 62704")]
    [InlineData("Example SA\n12 rue du Bac\n75007 Paris")]
    [InlineData("Write to P.O. Box 12, Ottawa")]
    public void A_postal_address_is_recognised(string text) => Assert.True(PostalAddressRule.Looks(text));

    [Theory]
    [InlineData("Come on 12 May 2026, there are 300 places left.")]
    [InlineData("Read all about it")]
    [InlineData(null)]
    public void What_is_no_postal_address_is_none(string? text) => Assert.False(PostalAddressRule.Looks(text));

    [Fact]
    public async Task Images_without_words_are_named_and_ornaments_and_dots_are_not()
    {
        var finding = Assert.Single(await new ImagesRule().Look(
            Messages.Of("""
                <img src="https://x.example/a/mute.png"><img src="https://x.example/line.png" alt=""><img src="https://x.example/dot.gif" width="1" height="1">
                <a href="https://x.example/"><img src="https://x.example/button.png?v=2" alt=""></a>
                """),
            TestContext.Current.CancellationToken));

        Assert.Equal(PreflightLevel.Warning, finding.Level);
        Assert.Contains("2 images have no words for those who do not see them: mute.png, button.png.", finding.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<p style='color:#999'>pale</p>", "pale")]
    [InlineData("<table bgcolor='#ffee00'><tr><td><font color='white'>yellow</font></td></tr></table>", "yellow")]
    [InlineData("<div style='background-color:rgb(0, 0, 0)'><p>black</p></div>", "black")]
    [InlineData("<div style='background: navy'><span style='color: #333333 !important'>dark</span></div>", "dark")]
    public async Task Words_that_can_hardly_be_told_from_their_ground_are_named(string html, string words)
    {
        var finding = Assert.Single(await new ContrastRule().Look(Messages.Of(html), TestContext.Current.CancellationToken));

        Assert.Equal(PreflightLevel.Warning, finding.Level);
        Assert.Contains("“" + words + "”", finding.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<p>plain</p>")]
    [InlineData("<p style='color:#555'>darker</p>")]
    [InlineData("<h1 style='color:#888;font-size:30px'>large</h1>")]
    [InlineData("<div style='background:url(x.png)'><p style='color:white'>who knows</p></div>")]
    [InlineData("<div style='background:url(x.png)'><div style='background:#000'><p style='color:white'>covered</p></div></div>")]
    [InlineData("<p style='color:transparent'>hidden</p>")]
    public async Task What_can_be_read_or_cannot_be_known_is_let_pass(string html) =>
        Assert.Equal(PreflightLevel.Good, Assert.Single(await new ContrastRule().Look(Messages.Of(html), TestContext.Current.CancellationToken)).Level);

    [Fact]
    public void Contrast_is_what_the_guidelines_say()
    {
        var (black, white) = (CssColour.Read("black")!.Value, CssColour.Read("#fff")!.Value);

        Assert.Equal(21, CssColour.Contrast(black, white), precision: 3);
        Assert.Equal(4.54, CssColour.Contrast(CssColour.Read("#767676")!.Value, white), precision: 2);
        Assert.Null(CssColour.Read("rgba(0,0,0,.5)"));
        Assert.Null(CssColour.Read("ButtonFace"));
        Assert.Null(CssColour.Read("#12"));
    }
}
