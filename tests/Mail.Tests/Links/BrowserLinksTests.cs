// SPDX-License-Identifier: Apache-2.0
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CsCheck;
using Tutti.Mail.Links;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Links;

/// <summary>A browser's parser must find our markers exactly where it found links before, and the rest of the document unchanged.</summary>
public sealed class BrowserLinksTests
{
    private static readonly string[] _pieces =
    [
        "<a href=\"https://example.org/1\">", "<a href='https://example.org/2?a=1&amp;b=2'>", "<a href=https://example.org/3>", "<a HREF = \"http://example.org/4\" class=x>", "</a>", "<a>",
        "<a href=\"#top\">", "<a href=\"mailto:a@example.org\">", "<a title=\"a > b\" href=\"https://example.org/5\">", "<a title='\"' href=\"https://example.org/6\"/>", "<area href=\"https://example.org/7\">",
        "<p>", "</p>", "<table><tr><td>", "</td></tr></table>", "<img src=\"https://example.org/i.png\" alt=\"x > y\">", "text & more ", "a < b ", "<!-- <a href=\"https://example.org/8\"> -->", "<!--", "-->",
        "<style>", "</style>", "<script>'<a href=\"https://example.org/10\">'</script>", "<script>", "</script>", "</styles>", "<!x>", "<!-->", "--!>", "<title>", "</title>", "<textarea>", "</textarea>", "<br/>", "<b", ">", "\"", "'", "=", " href=", "<", "</", "<!DOCTYPE html>", "<?xml ?>", "\n", "<a\nhref=\"https://example.org/9\"\n>",
    ];

    [Fact]
    public void A_browser_finds_markers_where_it_found_links()
        => Gen.OneOf(_pieces).Array[0, 20].SampleRepeatably(
            parts =>
            {
                var source = string.Concat(parts);
                var marked = HtmlLinks.Mark(source, new LinkList(LinkPlan.None, tracks: true));
                var before = Links(source);
                var after = Links(marked);
                Assert.Equal(before.Count, after.Count);
                foreach (var (old, now) in before.Zip(after))
                {
                    var trackable = LinkTarget.TryRead(old ?? "", out _, out _);
                    Assert.True(trackable ? LinkMarker.TryRead(now, out _, out _, out _) : old == now, $"{old} became {now} in {source}");
                }
            },
            iter: 5_000);

    [Fact]
    public void A_real_newsletter_keeps_its_shape()
    {
        const string source = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>News &amp; more</title>
            <style>@media (max-width:600px) { .col > a[href^="https://"] { width:100% } }</style></head>
            <body bgcolor="#ffffff">
            <!--[if mso]><table><tr><td><![endif]-->
            <table role="presentation"><tr><td><a href="https://example.org/?utm_source=mail&amp;utm_medium=email#top" target="_blank" style="color:#06c"><img src="cid:logo" alt="Home"></a></td></tr></table>
            <map name="m"><area shape="rect" coords="0,0,10,10" href="https://example.org/map" alt="Map"></map>
            <p>Write to <a href="mailto:info@example.org?subject=Hello%20there">us</a> or go <a href="#top">up</a>.</p>
            <!--[if mso]></td></tr></table><![endif]-->
            </body></html>
            """;
        var links = new LinkList(LinkPlan.None, tracks: true);
        var marked = HtmlLinks.Mark(source, links);
        Assert.Equal(["Home", "https://example.org/map"], links.Tracked.Select(link => link.Label));
        Assert.Equal([LinkMarker.Of(1), LinkMarker.Of(2), "mailto:info@example.org?subject=Hello%20there", "#top"], Links(marked));
    }

    private static List<string?> Links(string html)
        => [.. new HtmlParser().ParseDocument(html).All.Where(element => element.LocalName is "a" or "area" && element.NamespaceUri == NamespaceNames.HtmlUri).Select(element => element.GetAttribute("href"))];
}
