// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using MimeKit;
using Tutti.Mail.Composing;
using Tutti.Mail.Links;
using Tutti.Mail.Merging;

namespace Tutti.Mail.Tests.Composing;

public sealed class CampaignMessageTests
{
    private static readonly DateTimeOffset _now = new(2026, 3, 1, 9, 5, 7, TimeSpan.FromHours(1));

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
        Text = "Dear {{ first_name }},\nsee https://example.org/text.\nLeave: {{ unsubscribe_url }}\n",
        FromAddress = "news@example.org",
        FromName = "Die Gesellschaft für Bücher",
        ReplyTo = "answers@example.org",
    };

    [Fact]
    public void A_campaign_message_can_be_read_by_a_mail_library()
    {
        var message = Compile(_source);
        var fields = new MergeFields(["first_name", "city"]);
        Assert.True(message.Plan.TryCompute(new MergeRow(fields, ["Zoë <3", "Köln"], "zoe@example.net", "Zoë Müller"), _now, out var values, out _));

        var mime = Compose(message, new MessageRecipient(7, "zoe@example.net", "Zoë Müller", 42, values.Values));

        Assert.Equal("Hello Zoë <3, news", mime.Subject);
        Assert.Equal("Die Gesellschaft für Bücher", mime.From.Mailboxes.Single().Name);
        Assert.Equal("zoe@example.net", mime.To.Mailboxes.Single().Address);
        Assert.Equal("Zoë Müller", mime.To.Mailboxes.Single().Name);
        Assert.Equal(_now, mime.Date);
        Assert.Contains("Dear Zoë &lt;3,", mime.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("Dear Zoë <3,", mime.TextBody, StringComparison.Ordinal);
        Assert.Contains(">Kölsch</a>", mime.HtmlBody, StringComparison.Ordinal);
        Assert.Equal("List-Unsubscribe=One-Click", mime.Headers["List-Unsubscribe-Post"]);
        Assert.Equal([1u, 2u, 3u], message.Links.Select(link => link.Number));
        Assert.Equal(["https://example.org/a?x=1&y=2", "https://example.org/koeln", "https://example.org/text"], message.Links.Select(link => link.Target));
        Assert.Equal("First link", message.Links[0].Label);
        Assert.Equal("Kölsch", message.Links[1].Label);
        Assert.Equal(["first_name", "unsubscribe_url", "city"], message.FieldNames);
    }

    internal static CompiledMessage Compile(MessageSource source)
    {
        Assert.True(CompiledMessage.TryCompile(source, out var message, out var problems), string.Join('\n', problems));
        return message;
    }

    private static MimeMessage Compose(CompiledMessage message, MessageRecipient recipient)
    {
        var output = new ArrayBufferWriter<byte>();
        var composer = new MessageComposer(message.Pieces, new ComposerSettings
        {
            JobId = 12,
            Key = new LinkKey(3, new byte[32]),
            TrackingUrl = "https://click.example.org",
            Tracking = TrackingType.Personal,
            MessageIdDomain = "example.org",
        });
        Assert.True(composer.TryCompose(output, recipient, _now, out var problem), problem);
        Assert.Equal(-1, output.WrittenSpan.IndexOfAnyExceptInRange((byte)0, (byte)127));
        return MimeMessage.Load(new MemoryStream(output.WrittenSpan.ToArray()), TestContext.Current.CancellationToken);
    }
}
