// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Links;
using Tutti.Mail.Links.Parameters;
using Tutti.Mail.Merging;
using Tutti.Mail.Tests.Composing;

namespace Tutti.Mail.Tests.Links;

/// <summary>What is decided about links, seen in the compiled and in the composed message.</summary>
public sealed class LinkPlanTests
{
    [Theory]
    [InlineData("https://shop.example", "https://shop.example?utm=x")]
    [InlineData("https://shop.example/", "https://shop.example/?utm=x")]
    [InlineData("https://shop.example/a?", "https://shop.example/a?utm=x")]
    [InlineData("https://shop.example/a?b=1", "https://shop.example/a?b=1&utm=x")]
    [InlineData("https://shop.example/a?b=1&", "https://shop.example/a?b=1&utm=x")]
    [InlineData("https://shop.example/a?b=%2F%26&c=+#top", "https://shop.example/a?b=%2F%26&c=+&utm=x#top")]
    [InlineData("https://shop.example/a#top?no=query", "https://shop.example/a?utm=x#top?no=query")]
    [InlineData("https://shop.example/a?z=1&a=2", "https://shop.example/a?z=1&a=2&utm=x")]
    [InlineData("https://shop.example/a?utm=mine", "https://shop.example/a?utm=mine")]
    [InlineData("https://shop.example/a?UTM=mine&b", "https://shop.example/a?UTM=mine&b")]
    [InlineData("https://shop.example/a?%75tm", "https://shop.example/a?%75tm")]
    [InlineData("https://shop.example/a?autm=1", "https://shop.example/a?autm=1&utm=x")]
    [InlineData("https://shop.example/a?x=utm=1", "https://shop.example/a?x=utm=1&utm=x")]
    public void A_parameter_goes_behind_the_query_and_before_the_fragment_and_is_never_doubled(string written, string target) =>
        Assert.Equal(target, TargetOf(written, new LinkParameter("*", "utm", "x")));

    [Theory]
    [InlineData("shop.example", "https://shop.example/", true)]
    [InlineData("SHOP.example", "https://Shop.Example/", true)]
    [InlineData("shop.example", "https://www.shop.example/", false)]
    [InlineData("*.shop.example", "https://www.shop.example/", true)]
    [InlineData("*.shop.example", "https://a.b.shop.example/", true)]
    [InlineData("*.shop.example", "https://shop.example/", false)]
    [InlineData("*.shop.example", "https://evilshop.example/", false)]
    [InlineData("shop.example", "https://shop.example.evil.example/", false)]
    [InlineData("shop.example", "https://shop.example@evil.example/", false)]
    [InlineData("shop.example", "https://evil.example/?https://shop.example/", false)]
    [InlineData("shop.example", "https://evil.example/#//shop.example/", false)]
    [InlineData("shop.example", "https://shop.example:8443/a", true)]
    [InlineData("other.example, shop.example", "https://shop.example/", true)]
    [InlineData("bücher.example", "https://xn--bcher-kva.example/", true)]
    [InlineData("*", "http://anything.example/", true)]
    public void A_rule_is_for_the_host_that_a_link_really_leads_to(string hosts, string written, bool applies) =>
        Assert.Equal(applies, TargetOf(written, new LinkParameter(hosts, "utm", "x")).Contains("utm=x", StringComparison.Ordinal));

    [Fact]
    public void Values_name_job_and_link_and_are_escaped()
    {
        var source = Campaign.Source with
        {
            Html = "<a href=\"https://shop.example/?a=1&amp;b=2\">The <b>big</b> sale</a>",
            Links = new LinkPlan
            {
                Choices = [new LinkChoice(ContentPart.Html, "https://shop.example/?a=1&b=2", 1) { Alias = "top-button" }],
                Parameters =
                [
                    new LinkParameter("*", "utm_campaign", "{{ job.code | downcase }}"),
                    new LinkParameter("*", "utm_content", "{{ link.alias }}"),
                    new LinkParameter("*", "utm_term", "{{ link.label }} & more / {{ job.title }}#?"),
                    new LinkParameter("*", "where", "{{ link.part }}"),
                    new LinkParameter("*", "UTM_Campaign", "a second rule for the same name"),
                ],
                JobCode = "261124A",
                JobTitle = "Grüße",
            },
        };

        var link = Campaign.Compile(source).Links[0];
        Assert.Equal("https://shop.example/?a=1&b=2&utm_campaign=261124a&utm_content=top-button&utm_term=The%20big%20sale%20%26%20more%20%2F%20Gr%C3%BC%C3%9Fe%23%3F&where=html", link.Target);
        Assert.Equal(("https://shop.example/?a=1&b=2", "top-button", 1), (link.Written, link.Alias, link.Occurrence));
    }

    [Fact]
    public void A_parameter_whose_value_comes_out_empty_is_left_out() =>
        Assert.Equal("https://shop.example/", TargetOf("https://shop.example/", new LinkParameter("*", "utm_content", "{{ link.alias }}")));

    [Theory]
    [InlineData("<a href=\"https://shop.example/{{ city }}?a=1&amp;b=2#top\">a</a>", "https://shop.example/Bonn?a=1&b=2&utm=x#top")]
    [InlineData("<a href='https://shop.example/?id={{ city | default: \"a#b?c\" }}'>a</a>", "https://shop.example/?id=Bonn&utm=x")]
    [InlineData("<a href=\"https://shop.example/?utm={{ city }}\">a</a>", "https://shop.example/?utm=Bonn")]
    [InlineData("<a href=\"https://{{ city }}.example/?a\">a</a>", "https://Bonn.example/?a")]
    [InlineData("<a href=\"https://shop.example/{{ city }}&#35;top\">a</a>", "https://shop.example/Bonn?utm=x#top")]
    [InlineData("<a href=\"https://shop.example/{{ city }}?q=&#228;\">a</a>", "https://shop.example/Bonn?q=ä&utm=x")]
    public void Links_with_merge_fields_get_parameters_where_their_host_is_fixed(string html, string seen)
    {
        var source = Campaign.Source with { Html = html, Links = new LinkPlan { Parameters = [new LinkParameter("*", "utm", "x")] } };

        Assert.Equal(seen, HrefOf(Campaign.Compose(source, ("city", "Bonn")).Html()));
    }

    [Fact]
    public void Without_tracking_links_get_their_parameters_all_the_same()
    {
        var source = Campaign.Source with
        {
            Html = "<a href=\"https://shop.example/?a=1&amp;b=2#top\">a</a> <a href=\"mailto:a@shop.example\">m</a> <a href=\"{{ unsubscribe_url }}\">u</a>",
            Text = "See https://shop.example/a, or https://other.example/.",
            Tracking = TrackingType.Off,
            Links = new LinkPlan { Parameters = [new LinkParameter("shop.example", "utm", "x y")] },
        };

        var mime = Campaign.Compose(source);
        Assert.Contains("href=\"https://shop.example/?a=1&amp;b=2&amp;utm=x%20y#top\"", mime.Html(), StringComparison.Ordinal);
        Assert.Contains("href=\"mailto:a@shop.example\"", mime.Html(), StringComparison.Ordinal);
        Assert.DoesNotContain("<img", mime.Html(), StringComparison.Ordinal);
        Assert.Contains("https://shop.example/a?utm=x%20y, or https://other.example/.", mime.Text(), StringComparison.Ordinal);
        Assert.Empty(Campaign.Compile(source).Links);
        Assert.Empty(Campaign.Compile(source).UntrackedLinks);
    }

    [Fact]
    public void A_link_that_shall_not_be_tracked_stays_and_is_told_and_the_others_keep_their_order()
    {
        var source = Campaign.Source with
        {
            Html = "<a href=\"https://a.example/\">one</a> <a href=\"https://a.example/\">two</a> <a href=\"https://b.example/\">three</a>",
            Text = "https://a.example/",
            Links = new LinkPlan
            {
                Choices =
                [
                    new LinkChoice(ContentPart.Html, "https://a.example/", 2) { IsTracked = false, Label = "the second" },
                    new LinkChoice(ContentPart.Html, "https://b.example/", 1) { Label = "Number three", Alias = "three" },
                    new LinkChoice(ContentPart.Html, "https://gone.example/", 1) { IsTracked = false },
                ],
                Parameters = [new LinkParameter("a.example", "utm", "x")],
            },
        };

        var message = Campaign.Compile(source);
        Assert.Equal(
            [(1u, "https://a.example/?utm=x", "one", ""), (2u, "https://b.example/", "Number three", "three"), (3u, "https://a.example/?utm=x", "https://a.example/", "")],
            message.Links.Select(link => (link.Number, link.Target, link.Label, link.Alias)));
        var left = Assert.Single(message.UntrackedLinks);
        Assert.Equal(("https://a.example/", UntrackedReason.Choice, "the second", 2), (left.Target, left.Reason, left.Label, left.Occurrence));
        Assert.Contains("<a href=\"https://a.example/?utm=x\">two</a>", Campaign.Compose(source).Html(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "utm", "x", "Hosts")]
    [InlineData("https://shop.example/", "utm", "x", "Hosts")]
    [InlineData("shop.example:80", "utm", "x", "Hosts")]
    [InlineData("*shop.example", "utm", "x", "Hosts")]
    [InlineData("*", "", "x", "Name")]
    [InlineData("*", "a&b", "x", "Name")]
    [InlineData("*", "a=b", "x", "Name")]
    [InlineData("*", "a b", "x", "Name")]
    [InlineData("*", "utm", "", "Value")]
    [InlineData("*", "utm", "{{ job.code", "Value")]
    [InlineData("*", "utm", "{{ email }}", "Value")]
    [InlineData("*", "utm", "{{ link.href }}", "Value")]
    [InlineData("*", "utm", "{{ job['code'] }}", "Value")]
    [InlineData("*", "utm", "{{ job.code | no_such_filter }}", "Value")]
    [InlineData("*", "utm", "{% if job.code == 'A' %}{{ address }}{% endif %}", "Value")]
    public void What_cannot_be_a_rule_is_told_with_its_place(string hosts, string name, string value, string place)
    {
        Assert.False(new LinkParameter(hosts, name, value).IsSound(out var problem, out var field));
        Assert.Equal(place, field);
        Assert.NotEmpty(problem);
    }

    private static string TargetOf(string written, LinkParameter parameter)
    {
        Assert.True(parameter.IsSound(out var problem, out _), problem);
        var source = Campaign.Source with { Text = null, Html = $"<a href=\"{System.Net.WebUtility.HtmlEncode(written)}\">a</a>", Links = new LinkPlan { Parameters = [parameter] } };
        return Assert.Single(Campaign.Compile(source).Links).Target;
    }

    private static string HrefOf(string html)
    {
        var start = html.IndexOf("href=", StringComparison.Ordinal) + 6;
        return System.Net.WebUtility.HtmlDecode(html[start..html.IndexOf(html[start - 1], start)]);
    }
}
