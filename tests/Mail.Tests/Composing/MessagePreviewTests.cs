// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Composing;

namespace Tutti.Mail.Tests.Composing;

public sealed class MessagePreviewTests
{
    private static readonly MessageSource _source = Campaign.Source with
    {
        Subject = "Hi {{ a }}",
        Html = "<a href=\"https://example.org/?a=1&amp;b=2\">x</a>{% if a %}<a href='https://example.org/if'>y</a>{% endif %}<a href=\"{{ unsubscribe_url }}\">z</a>",
        Text = "{{ a }}: https://example.org/?a=1&b=2 {{ unsubscribe_url }}",
    };

    [Fact]
    public void A_preview_shows_targets_in_the_place_of_tracking_links()
    {
        var message = Campaign.Compile(_source);
        var preview = MessagePreview.Of(message, Campaign.Merge(message, ("a", "<Zoë>")), "https://example.org/leave?x=1&y=2");
        Assert.Equal("Hi <Zoë>", preview.Subject);
        Assert.Equal("<Zoë>: https://example.org/?a=1&b=2 https://example.org/leave?x=1&y=2", preview.Text);
        Assert.StartsWith(
            "<a href=\"https://example.org/?a=1&amp;b=2\">x</a><a href='https://example.org/if'>y</a><a href=\"https://example.org/leave?x=1&amp;y=2\">z</a><img src=\"data:image/gif;base64,",
            preview.Html,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_preview_has_the_parts_that_were_written()
    {
        var message = Campaign.Compile(Campaign.Source);
        var preview = MessagePreview.Of(message, Campaign.Merge(message));
        Assert.Equal(("News", "text", null), (preview.Subject, preview.Text, preview.Html));
    }
}
