// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Mail.Links;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Links;

public sealed class TextLinksTests
{
    [Theory]
    [InlineData("see https://example.org/a.", "see #1.", "https://example.org/a")]
    [InlineData("(see https://example.org/a_(b))", "(see #1)", "https://example.org/a_(b)")]
    [InlineData("<https://example.org/>", "<#1>", "https://example.org/")]
    [InlineData("HTTP://EXAMPLE.ORG/A, ok", "#1, ok", "HTTP://EXAMPLE.ORG/A")]
    [InlineData("https://example.org/?a=1&b=2\nnext", "#1\nnext", "https://example.org/?a=1&b=2")]
    [InlineData("https://example.org/ü!", "#1!", "https://example.org/%C3%BC")]
    [InlineData("{% if a %}https://example.org/{% endif %}", "{% if a %}https://example.org/{% endif %}", null)]
    [InlineData("{% if a %}https://example.org/ {% endif %}", "{% if a %}#1 {% endif %}", "https://example.org/")]
    [InlineData("https://example.org/{{ id }} x", "https://example.org/{{ id }} x", null)]
    [InlineData("xhttps://example.org/", "xhttps://example.org/", null)]
    [InlineData("https:// and http:/x and www.example.org", "https:// and http:/x and www.example.org", null)]
    [InlineData("{{ unsubscribe_url }}", "{{ unsubscribe_url }}", null)]
    public void Bare_URLs_give_way_to_markers(string source, string marked, string? target)
    {
        var links = new LinkList(LinkPlan.None, tracks: true);
        Assert.Equal(HtmlLinksTests.Markers(marked), TextLinks.Mark(source, links));
        Assert.Equal(target, links.Tracked.SingleOrDefault()?.Target);
    }

    [Fact]
    public void A_URL_with_merge_fields_is_reported()
    {
        var links = new LinkList(LinkPlan.None, tracks: true);
        TextLinks.Mark("see https://example.org/{{ id | upcase }}/x, ok", links);
        var link = Assert.Single(links.Untracked);
        Assert.Equal(("https://example.org/{{ id | upcase }}/x", UntrackedReason.MergeFields), (link.Target, link.Reason));
    }

    [Fact]
    public void Whatever_the_source_looks_like_only_URLs_are_replaced()
        => Gen.OneOf("https://", "http://example.org", "https://example.org/x", "/a", ".", ",", ")", "(", " ", "\n", "{{", "}}", "{%", "%}", "{% comment %}", "{% endcomment %}", "a", "<", ">", "?q=1", "ü")
            .Array[0, 25].SampleRepeatably(
                parts =>
                {
                    var source = string.Concat(parts);
                    var links = new LinkList(LinkPlan.None, tracks: true);
                    var marked = TextLinks.Mark(source, links);
                    var restored = links.Tracked.Aggregate(marked, (text, link) => text.Replace(LinkMarker.Of(link.Number), link.Label, StringComparison.Ordinal));
                    Assert.Equal(source, restored);
                },
                iter: 5_000);
}
