// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Mail.Inspection;

namespace Tutti.Mail.Tests.Inspection;

public sealed class MessageInspectionTests
{
    private const string Sound = "From: a@sender.example\nTo: b@rcpt.example\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nMessage-ID: <1@sender.example>\nMIME-Version: 1.0\n";

    [Fact]
    public void A_plain_message_with_a_link_is_not_odd() =>
        Assert.Equal(MessageOddities.None, Look("Subject: Hello\n\nRead more: https://example.com/\n").Oddities);

    [Fact]
    public void A_message_with_text_and_html_is_not_odd_and_its_html_is_measured()
    {
        var inspection = Look(Alternative("Hello https://example.com/", "<p style=\"a{{b}}\">Hello</p><style>p{{c}}</style><a href=\"https://example.com/\">more</a>"));
        Assert.Equal(MessageOddities.None, inspection.Oddities);
        Assert.InRange(inspection.HtmlSize, 80, 90);
    }

    [Theory]
    [InlineData("Subject: \n\nHello https://example.com/\n", MessageOddities.EmptySubject)]
    [InlineData("\nHello https://example.com/\n", MessageOddities.EmptySubject)]
    [InlineData("Subject: Hello\n\n \n", MessageOddities.EmptyText | MessageOddities.MissingLink)]
    [InlineData("Subject: Hello\nContent-Type: text/html\n\n<p>&nbsp;</p><a href=\"https://example.com/\"></a>\n", MessageOddities.EmptyText)]
    [InlineData("Subject: Hello\nContent-Type: text/html\n\n<img width=600 src=\"https://example.com/a.png\"><a href=\"https://example.com/\"></a>\n", MessageOddities.NoPlainText)]
    [InlineData("Subject: Hello\nContent-Type: text/html\n\n<img src=\"https://example.com/o/1\" width=\"1\" height=\"1\"><a href=\"https://example.com/\"></a>\n", MessageOddities.EmptyText)]
    [InlineData("Subject: Dear {{ name }}\n\nHello https://example.com/\n", MessageOddities.TemplateRemains)]
    [InlineData("Subject: Hello\n\n{% if x %} https://example.com/\n", MessageOddities.TemplateRemains)]
    [InlineData("Subject: Hello\n\nNo link here.\n", MessageOddities.MissingLink)]
    [InlineData("Subject: Hello\nContent-Type: text/html\n\n<p>Hello</p><a href=\"#\">more</a> <a href=\"https://example.com/\">else</a>\n", MessageOddities.MissingLink | MessageOddities.NoPlainText)]
    [InlineData("Subject: Hello\nFrom: c@sender.example\n\nhttps://example.com/\n", MessageOddities.Malformed)]
    [InlineData("Subject: H\u00e4llo\n\nhttps://example.com/\n", MessageOddities.Malformed)]
    public void What_is_odd_is_named(string message, MessageOddities oddities) => Assert.Equal(oddities, Look(message).Oddities);

    [Fact]
    public void A_line_that_no_server_need_take_is_malformed() =>
        Assert.Equal(MessageOddities.Malformed, Look($"Subject: Hello\n\nhttps://example.com/\n{new string('x', 999)}\n").Oddities);

    [Fact]
    public void A_multipart_without_its_parts_is_malformed() =>
        Assert.True(Look("Subject: Hello\nContent-Type: multipart/alternative; boundary=b\n\nhttps://example.com/\n").Oddities.HasFlag(MessageOddities.Malformed));

    [Theory]
    [InlineData(100, false)]
    [InlineData(103, true)]
    public void Html_that_webmail_clips_is_named(int kilobytes, bool isClipped)
    {
        var lines = string.Concat(Enumerable.Repeat(new string('x', 1023 / 2) + "\n", kilobytes * 2));
        Assert.Equal(isClipped, Look(Alternative("https://example.com/", $"<a href=\"https://example.com/\">more</a>{lines}")).Oddities.HasFlag(MessageOddities.Clipped));
    }

    private static string Alternative(string text, string html) =>
        $"Subject: Hello\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n--b\nContent-Type: text/html; charset=utf-8\n\n{html}\n--b--\n";

    private static MessageInspection Look(string message) =>
        MessageInspection.Of(Encoding.UTF8.GetBytes((Sound + message).Replace("\n", "\r\n", StringComparison.Ordinal)));
}
