// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Composing;
using Tutti.Mail.Links;
using Tutti.Mail.Returns;
using Tutti.Mail.Tests.Transfer;

namespace Tutti.Mail.Tests.Composing;

public sealed class CampaignMessageTests
{
    private static readonly System.Buffers.SearchValues<char> _ends = System.Buffers.SearchValues.Create("\"' \r\n<");

    private static readonly MessageSource _source = new()
    {
        Subject = "Hello {{ first_name }}, news",
        Html = """
            <html><body><p>Dear {{ first_name }},</p>
            <a href="https://example.org/a?x=1&amp;y=2">First <b>link</b></a>
            {% if city == "Köln" %}<a href='https://example.org/koeln'>Kölsch</a>{% else %}No city{% endif %}
            <a href="{{ unsubscribe_url }}">leave</a> <a href="mailto:a@example.org">mail</a>
            </body></html>
            """,
        Text = "Dear {{ first_name }},\nsee https://example.org/text.\n{% if city %}Leave: {{ unsubscribe_url }}{% endif %}\n",
        FromAddress = "news@example.org",
        FromName = "Die Gesellschaft für Bücher",
        ReplyTo = "answers@example.org",
        ListId = "news.example.org",
        FeedbackId = "260301A:news.example.org:exampleorg",
        ExtraHeaders = [new("X-Campaign", "Frühling"), new("Precedence", "bulk")],
    };

    [Fact]
    public void A_campaign_message_can_be_read_by_a_mail_library()
    {
        var mime = Campaign.Compose(_source, ("first_name", "Zoë <3"), ("city", "Köln"));

        Assert.Equal("Hello Zoë <3, news", mime.Subject);
        Assert.Equal("Die Gesellschaft für Bücher", mime.From.Mailboxes.Single().Name);
        Assert.Equal("anna@example.net", mime.To.Mailboxes.Single().Address);
        Assert.Equal("Anna", mime.To.Mailboxes.Single().Name);
        Assert.Equal("answers@example.org", mime.ReplyTo.Mailboxes.Single().Address);
        Assert.Equal(Campaign.Now, mime.Date);
        Assert.EndsWith("@example.org", mime.MessageId, StringComparison.Ordinal);
        Assert.Equal("<news.example.org>", mime.Headers["List-Id"]);
        Assert.Equal("260301A:news.example.org:exampleorg", mime.Headers["Feedback-ID"]);
        Assert.Equal("Frühling", mime.Headers["X-Campaign"]);
        Assert.Equal("bulk", mime.Headers["Precedence"]);
        Assert.Contains("Dear Zoë &lt;3,", mime.Html(), StringComparison.Ordinal);
        Assert.Contains("Dear Zoë <3,", mime.Text(), StringComparison.Ordinal);
        Assert.Contains(">Kölsch</a>", mime.Html(), StringComparison.Ordinal);
        Assert.Contains("href=\"mailto:a@example.org\"", mime.Html(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_compiler_tells_links_and_fields()
    {
        var message = Campaign.Compile(_source);

        Assert.Equal([1u, 2u, 3u], message.Links.Select(link => link.Number));
        Assert.Equal(["https://example.org/a?x=1&y=2", "https://example.org/koeln", "https://example.org/text"], message.Links.Select(link => link.Target));
        Assert.Equal(["First link", "Kölsch", "https://example.org/text"], message.Links.Select(link => link.Label));
        Assert.Equal(["mailto:a@example.org"], message.UntrackedLinks.Select(link => link.Target));
        Assert.Equal(["first_name", "city", "unsubscribe_url"], message.FieldNames);
        Assert.True(message.HasUnsubscribeLink);
    }

    [Fact]
    public void Links_lead_over_the_tracker_also_from_within_conditions()
    {
        var mime = Campaign.Compose(_source, ("first_name", "Zoë"), ("city", "Köln"));

        var html = Urls(mime.Html()).Select(Campaign.Token).ToList();
        Assert.Equal([(LinkKind.Click, 1u), (LinkKind.Click, 2u), (LinkKind.Unsubscribe, 0u), (LinkKind.Open, 0u)], html.Select(token => (token.Kind, token.Link)));
        var text = Urls(mime.Text()).Select(Campaign.Token).ToList();
        Assert.Equal([(LinkKind.Click, 3u), (LinkKind.Unsubscribe, 0u)], text.Select(token => (token.Kind, token.Link)));
        Assert.All(html.Concat(text), token => Assert.Equal((12UL, 42UL, 3), (token.JobId, token.Recipient, token.KeyId)));
    }

    [Fact]
    public void A_mail_client_can_unsubscribe_with_one_click()
    {
        var mime = Campaign.Compose(_source);
        Assert.Equal("List-Unsubscribe=One-Click", mime.Headers["List-Unsubscribe-Post"]);
        var token = Campaign.Token(mime.Headers["List-Unsubscribe"]!.Trim('<', '>'));
        Assert.Equal((LinkKind.Unsubscribe, 12UL, 42UL), (token.Kind, token.JobId, token.Recipient));
    }

    [Fact]
    public void With_a_return_domain_a_mail_program_can_unsubscribe_by_a_message_to_an_address_of_the_recipients_own()
    {
        var message = Campaign.Compile(Campaign.Source);
        var composer = new MessageComposer(message.Pieces, new ComposerSettings
        {
            JobId = 12,
            Key = Campaign.Key,
            TrackingUrl = "https://click.example.org/",
            Tracking = TrackingType.Personal,
            MessageIdDomain = "example.org",
            ReturnDomain = "back.example.org",
        });
        var header = Campaign.Read(Campaign.Bytes(composer, Campaign.Recipient(Campaign.Merge(message)))).Headers["List-Unsubscribe"]!.Split(", ");

        Assert.Equal(2, header.Length);
        Assert.Equal(LinkKind.Unsubscribe, Campaign.Token(header[0].Trim('<', '>')).Kind);
        Assert.Equal($"<mailto:{ReturnAddress.LocalPart(ReturnUse.Unsubscribe, new ReturnKey(Campaign.Key).Seal(12, 7))}@back.example.org?subject=unsubscribe>", header[1]);
    }

    [Fact]
    public void Blind_tracking_puts_no_recipient_into_opens_and_clicks()
    {
        var mime = Campaign.Compose(_source with { Tracking = TrackingType.Blind }, ("city", "Köln"));
        var tokens = Urls(mime.Html()).Concat(Urls(mime.Text())).Select(Campaign.Token).ToList();
        Assert.Equal(6, tokens.Count);
        Assert.All(tokens, token => Assert.Equal(token.Kind == LinkKind.Unsubscribe ? 42UL : null, token.Recipient));
    }

    [Fact]
    public void Without_tracking_links_stay_and_only_unsubscribing_leads_over_the_tracker()
    {
        var source = _source with { Tracking = TrackingType.Off };
        var mime = Campaign.Compose(source, ("city", "Köln"));
        Assert.Contains("href=\"https://example.org/a?x=1&amp;y=2\"", mime.Html(), StringComparison.Ordinal);
        Assert.Contains("see https://example.org/text.", mime.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("<img", mime.Html(), StringComparison.Ordinal);
        Assert.Equal(LinkKind.Unsubscribe, Campaign.Token(Assert.Single(Urls(mime.Html()))).Kind);
        Assert.NotNull(mime.Headers["List-Unsubscribe"]);
        Assert.Empty(Campaign.Compile(source).Links);
        Assert.Empty(Campaign.Compile(source).UntrackedLinks);
    }

    [Fact]
    public void The_same_source_gives_the_same_pieces()
    {
        var one = Campaign.Compile(_source).Pieces;
        var other = Campaign.Compile(_source).Pieces;
        Assert.Equal(one.Select(piece => piece.Slot), other.Select(piece => piece.Slot));
        Assert.Equal(one.Select(piece => Convert.ToHexString(piece.Bytes.Span)), other.Select(piece => Convert.ToHexString(piece.Bytes.Span)));
    }

    [Fact]
    public void The_same_recipient_gets_the_same_bytes_at_every_attempt_and_others_get_others()
    {
        var message = Campaign.Compile(_source);
        var composer = Campaign.Composer(message);
        var recipient = Campaign.Recipient(Campaign.Merge(message));
        Assert.Equal(Campaign.Bytes(composer, recipient), Campaign.Bytes(composer, recipient));
        Assert.NotEqual(Campaign.Read(Campaign.Bytes(composer, recipient)).MessageId, Campaign.Read(Campaign.Bytes(composer, recipient with { Id = 8 })).MessageId);
    }

    [Theory]
    [InlineData("text", null, "text/plain")]
    [InlineData(null, "<p>html</p>", "text/html")]
    [InlineData("text", "<p>html</p>", "multipart/alternative")]
    [InlineData("", "", "multipart/alternative")]
    public void A_message_has_the_parts_that_were_written(string? text, string? html, string type)
    {
        var mime = Campaign.Compose(Campaign.Source with { Text = text, Html = html, Tracking = TrackingType.Off });
        Assert.Equal(type, mime.Body!.ContentType.MimeType);
        Assert.Equal(text, mime.TextBody is null ? null : WireText.Lines(mime.Text()).TrimEnd('\n'));
        Assert.Equal(html, mime.HtmlBody is null ? null : WireText.Lines(mime.Html()).TrimEnd('\n'));
    }

    [Theory]
    [InlineData("<p>x</p>", "<p>x</p>{0}")]
    [InlineData("<BODY>x</BODY></HTML>", "<BODY>x{0}</BODY></HTML>")]
    public void The_open_image_stands_at_the_end_of_the_body(string html, string expected)
    {
        var mime = Campaign.Compose(Campaign.Source with { Html = html });
        var image = mime.Html()[mime.Html().IndexOf("<img", StringComparison.Ordinal)..(mime.Html().LastIndexOf("border:0\">", StringComparison.Ordinal) + 10)];
        Assert.Equal(string.Format(System.Globalization.CultureInfo.InvariantCulture, expected, image), mime.Html().TrimEnd());
        Assert.Equal(LinkKind.Open, Campaign.Token(Assert.Single(Urls(mime.Html()))).Kind);
    }

    [Fact]
    public void Recipients_cannot_forge_markers_headers_or_markup()
    {
        var mime = Campaign.Compose(
            Campaign.Source with { Subject = "Hi {{ x }}", Html = "<p>{{ x }}{% if x %}{{ x }}{% endif %}</p>", Text = "{{ x }}" },
            ("x", "\u0001L1\u0002\u0001U\u0002\r\nBcc: eve@example.org\r\n\r\n<script>{{ y }}</script>"));
        Assert.Empty(mime.Bcc);
        Assert.DoesNotContain("<script", mime.Html(), StringComparison.Ordinal);
        Assert.Equal(LinkKind.Open, Campaign.Token(Assert.Single(Urls(mime.Html()))).Kind);
        Assert.Empty(Urls(mime.Text()));
        Assert.Equal("Hi L1U Bcc: eve@example.org <script>{{ y }}</script>", mime.Subject);
    }

    [Fact]
    public void An_author_cannot_write_markers_either()
    {
        var mime = Campaign.Compose(Campaign.Source with { Text = "a\u0001L7\u0002b\u0001U\u0002" });
        Assert.Equal("aL7bU", mime.Text().TrimEnd());
    }

    private static IEnumerable<string> Urls(string text)
    {
        for (var at = text.IndexOf("https://click.", StringComparison.Ordinal); at >= 0; at = text.IndexOf("https://click.", at + 1, StringComparison.Ordinal))
        {
            var end = text.AsSpan(at).IndexOfAny(_ends);
            yield return text[at..(end < 0 ? text.Length : at + end)].TrimEnd('.', ',');
        }
    }
}
