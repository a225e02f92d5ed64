// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Tutti.Mail.Composing;
using Tutti.Mail.Links;

namespace Tutti.Mail.Tests.Composing;

/// <summary>What the links of a message say of its recipient, type by type; read from the composed message.</summary>
public sealed partial class TrackingTypesTests
{
    private static readonly MessageSource _source = Campaign.Source with { Html = "<p><a href=\"https://example.org/a\">a</a></p>", Text = "{{ unsubscribe_url }}" };

    [Theory]
    [InlineData(TrackingType.Personal, false, 42UL, null)]
    [InlineData(TrackingType.Permission, true, 42UL, null)]
    [InlineData(TrackingType.Permission, false, null, 99UL)]
    [InlineData(TrackingType.Anonymous, false, null, 99UL)]
    [InlineData(TrackingType.Anonymous, true, null, 99UL)]
    [InlineData(TrackingType.Unique, false, null, 99UL)]
    [InlineData(TrackingType.Blind, true, null, null)]
    public void Opens_and_clicks_carry_what_the_type_allows_whatever_is_handed_over(TrackingType tracking, bool permits, ulong? recipient, ulong? trace)
    {
        var tokens = TokensOf(tracking, new MessageRecipient(7, "anna@example.net", "Anna", 42, []) { Permits = permits, Trace = 99 });

        Assert.Equal([LinkKind.Click, LinkKind.Open], tokens.Where(token => token.Kind != LinkKind.Unsubscribe).Select(token => token.Kind).Order().Reverse());
        Assert.All(tokens.Where(token => token.Kind != LinkKind.Unsubscribe), token => Assert.Equal((recipient, trace), (token.Recipient, token.Trace)));
    }

    [Theory]
    [InlineData(TrackingType.Personal)]
    [InlineData(TrackingType.Permission)]
    [InlineData(TrackingType.Anonymous)]
    [InlineData(TrackingType.Unique)]
    [InlineData(TrackingType.Blind)]
    public void Rule_19_the_unsubscribe_link_knows_the_recipient_with_every_type(TrackingType tracking)
    {
        var tokens = TokensOf(tracking, new MessageRecipient(7, "anna@example.net", "Anna", 42, []) { Trace = 99 }).Where(token => token.Kind == LinkKind.Unsubscribe).ToList();

        Assert.Equal(2, tokens.Count);
        Assert.All(tokens, token => Assert.Equal((42UL, null), (token.Recipient, token.Trace)));
    }

    [Fact]
    public void A_recipient_and_a_trace_are_never_taken_for_one_another()
    {
        Assert.True(LinkToken.TryRead(LinkToken.Create(Campaign.Key, LinkKind.Open, 12, 0, 5), out var named));
        Assert.True(LinkToken.TryRead(LinkToken.Create(Campaign.Key, LinkKind.Open, 12, 0, null, 5), out var traced));

        Assert.Equal((5UL, null), (named.Recipient, named.Trace));
        Assert.Equal((null, 5UL), (traced.Recipient, traced.Trace));
        Assert.True(named.Verify(Campaign.Key.Secret) && traced.Verify(Campaign.Key.Secret));
        Assert.Throws<ArgumentOutOfRangeException>(() => LinkToken.Create(Campaign.Key, LinkKind.Open, 12, 0, 5, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => LinkToken.Create(Campaign.Key, LinkKind.Unsubscribe, 12, 0, null, 5));
    }

    [Fact]
    public void A_drawn_number_is_another_one_every_time() => Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => Bearer.Draw()).Distinct().Count());

    [Theory]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", "phone")]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X)", "tablet")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "computer")]
    [InlineData("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", "mail-proxy")]
    [InlineData("Mozilla/5.0 (compatible; bingbot/2.0)", "machine")]
    [InlineData("Anna's own reader 1.2", "")]
    [InlineData("phone", "phone")]
    public void A_program_is_kept_as_its_sort(string userAgent, string sort) => Assert.Equal(sort, ProgramSort.Of(userAgent));

    private static List<LinkToken> TokensOf(TrackingType tracking, MessageRecipient recipient)
    {
        var message = Campaign.Compile(_source with { Tracking = tracking });
        var bytes = Campaign.Bytes(Campaign.Composer(message, tracking), recipient with { Values = Campaign.Merge(message).Values });
        var mime = Campaign.Read(bytes);
        return [.. TrackerUrl().Matches(mime.Html() + " " + mime.Text() + " " + mime.Headers["List-Unsubscribe"]).Select(match => Campaign.Token(match.Value))];
    }

    [GeneratedRegex("https://click\\.example\\.org/[ocu]/[A-Za-z0-9_-]+")]
    private static partial Regex TrackerUrl();
}
