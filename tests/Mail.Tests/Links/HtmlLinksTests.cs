// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Mail.Links;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Links;

public sealed class HtmlLinksTests
{
    [Theory]
    [InlineData("<a href=\"https://example.org/\">x</a>", "<a href=\"#1\">x</a>", "https://example.org/")]
    [InlineData("<A class=b HREF = 'http://example.org/a?b=1&amp;c=2' >x</A>", "<A class=b HREF = '#1' >x</A>", "http://example.org/a?b=1&c=2")]
    [InlineData("<a href=https://example.org/x>x</a>", "<a href=#1>x</a>", "https://example.org/x")]
    [InlineData("<map><area href=\"https://example.org/\"></map>", "<map><area href=\"#1\"></map>", "https://example.org/")]
    [InlineData("<a href=\"https://example.org/ü ü\">x</a>", "<a href=\"#1\">x</a>", "https://example.org/%C3%BC%20%C3%BC")]
    [InlineData("<a href=\"https://bücher.example/\">x</a>", "<a href=\"#1\">x</a>", "https://xn--bcher-kva.example/")]
    [InlineData("<a href=\" https://example.org/\n a \">x</a>", "<a href=\"#1\">x</a>", "https://example.org/%20a")]
    [InlineData("{% if x < 3 %}<a href=\"https://example.org/\">x</a>{% endif %}", "{% if x < 3 %}<a href=\"#1\">x</a>{% endif %}", "https://example.org/")]
    [InlineData("<a {% if x %}title=\"a>b\"{% endif %} href=\"https://example.org/\">x</a>", "<a {% if x %}title=\"a>b\"{% endif %} href=\"#1\">x</a>", "https://example.org/")]
    [InlineData("<a title=\"a > b\" href=\"https://example.org/\">x</a>", "<a title=\"a > b\" href=\"#1\">x</a>", "https://example.org/")]
    [InlineData("<!--[if mso]><v:roundrect href=\"https://example.org/\"/><![endif]-->", "<!--[if mso]><v:roundrect href=\"#1\"/><![endif]-->", "https://example.org/")]
    [InlineData("a < b <a href=\"https://example.org/\">x</a>", "a < b <a href=\"#1\">x</a>", "https://example.org/")]
    public void A_link_gives_way_to_its_marker_and_nothing_else_changes(string source, string marked, string target)
    {
        var links = new LinkList(LinkPlan.None, tracks: true);
        Assert.Equal(Markers(marked), HtmlLinks.Mark(source, links));
        Assert.Equal(target, Assert.Single(links.Tracked).Target);
        Assert.Empty(links.Untracked);
    }

    [Theory]
    [InlineData("<a href=\"https://example.org/{{ id }}\">x</a>", "https://example.org/{{ id }}", UntrackedReason.MergeFields)]
    [InlineData("<a href=\"{% if a %}https://example.org/{% endif %}\">x</a>", "{% if a %}https://example.org/{% endif %}", UntrackedReason.MergeFields)]
    [InlineData("<a href=\"#top\">x</a>", "#top", UntrackedReason.Anchor)]
    [InlineData("<a href=\"mailto:a@example.org\">x</a>", "mailto:a@example.org", UntrackedReason.OtherScheme)]
    [InlineData("<a href=\"tel:+49\">x</a>", "tel:+49", UntrackedReason.OtherScheme)]
    [InlineData("<a href=\"javascript:x()\">x</a>", "javascript:x()", UntrackedReason.OtherScheme)]
    [InlineData("<a href=\"\">x</a>", "", UntrackedReason.Dead)]
    [InlineData("<a href=\"page.html\">x</a>", "page.html", UntrackedReason.Dead)]
    [InlineData("<a href=\"/page\">x</a>", "/page", UntrackedReason.Dead)]
    [InlineData("<a href=\"//example.org/\">x</a>", "//example.org/", UntrackedReason.Dead)]
    [InlineData("<a href=\"http://\">x</a>", "http://", UntrackedReason.Dead)]
    public void What_cannot_be_tracked_is_left_alone_and_reported(string source, string target, UntrackedReason reason)
    {
        var links = new LinkList(LinkPlan.None, tracks: true);
        Assert.Equal(source, HtmlLinks.Mark(source, links));
        var untracked = Assert.Single(links.Untracked);
        Assert.Equal((target, reason), (untracked.Target, untracked.Reason));
        Assert.Empty(links.Tracked);
    }

    [Theory]
    [InlineData("<a href=\"{{ unsubscribe_url }}\">x</a>")]
    [InlineData("<a href='{{- Unsubscribe_URL -}}'>x</a>")]
    [InlineData("<a name=\"x\">x</a>")]
    [InlineData("<link href=\"https://example.org/\"><img src=\"https://example.org/a.gif\">")]
    [InlineData("<!-- <a href=\"https://example.org/\">x</a> -->")]
    [InlineData("<style>a[href=\"https://example.org/\"] {}</style>")]
    [InlineData("<script>'<a href=\"https://example.org/\">'</script>")]
    [InlineData("{% comment %}<a href=\"https://example.org/\">x</a>{% endcomment %}")]
    [InlineData("<a data-href=\"https://example.org/\">x</a>")]
    [InlineData("https://example.org/ in the text")]
    public void Other_things_are_no_links(string source)
    {
        var links = new LinkList(LinkPlan.None, tracks: true);
        Assert.Equal(source, HtmlLinks.Mark(source, links));
        Assert.Empty(links.Tracked);
        Assert.Empty(links.Untracked);
    }

    [Fact]
    public void Every_occurrence_has_its_own_number()
    {
        var links = new LinkList(LinkPlan.None, tracks: true);
        Assert.Equal(Markers("<a href=\"#1\">x</a><a href=\"#2\">y</a>"), HtmlLinks.Mark("<a href=\"https://example.org/\">x</a><a href=\"https://example.org/\">y</a>", links));
        Assert.Equal([1u, 2u], links.Tracked.Select(link => link.Number));
    }

    [Theory]
    [InlineData("<a href=\"https://example.org/\"> Read <b>more</b>\n &raquo; </a>", "Read more »")]
    [InlineData("<a href=\"https://example.org/\"><img alt=\"Our shop\" src=x></a>", "Our shop")]
    [InlineData("<a href=\"https://example.org/\"></a>", "https://example.org/")]
    [InlineData("<a href=\"https://example.org/\">", "https://example.org/")]
    public void A_link_is_labelled_by_its_words(string source, string label)
    {
        var links = new LinkList(LinkPlan.None, tracks: true);
        HtmlLinks.Mark(source, links);
        Assert.Equal(label, Assert.Single(links.Tracked).Label);
    }

    [Fact]
    public void Whatever_the_source_looks_like_only_link_targets_are_replaced()
        => Gen.OneOf("<a ", "<a", "href=", "href", "\"", "'", ">", "</a>", "https://example.org/x", "https://example.org/{{ y }}", " ", "<!--", "-->", "<style>", "</style>", "{{", "}}", "{% comment %}", "{% endcomment %}", "{%", "%}", "=", "/", "<", "text")
            .Array[0, 25].SampleRepeatably(
                parts =>
                {
                    var source = string.Concat(parts);
                    var links = new LinkList(LinkPlan.None, tracks: true);
                    var marked = HtmlLinks.Mark(source, links);
                    foreach (var link in links.Tracked)
                    {
                        Assert.Contains(LinkMarker.Of(link.Number), marked, StringComparison.Ordinal);
                    }

                    // The targets here are plain, so putting them back must give the source, up to blanks around them.
                    var restored = links.Tracked.Aggregate(marked, (text, link) => text.Replace(LinkMarker.Of(link.Number), link.Target, StringComparison.Ordinal));
                    Assert.Equal(Blankless(source), Blankless(restored));
                },
                iter: 5_000);

    // A target is stored with what may not stand in an address escaped.
    private static string Blankless(string text) => Uri.UnescapeDataString(text).Replace(" ", "", StringComparison.Ordinal);

    internal static string Markers(string text)
    {
        for (uint number = 1; number < 10; number++)
        {
            text = text.Replace($"#{number}", LinkMarker.Of(number), StringComparison.Ordinal);
        }

        return text;
    }
}
