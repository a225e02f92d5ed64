// SPDX-License-Identifier: Apache-2.0
using System.Text;
using MimeKit;
using Tutti.Mail.Transfer;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Transfer;

public sealed class HeaderTextTests
{
    [Theory]
    [InlineData("News of March", "News of March")]
    [InlineData("  two  blanks ", "two blanks")]
    [InlineData("a\r\nBcc: b@example.org", "a Bcc: b@example.org")]
    [InlineData("ü", "=?utf-8?B?w7w=?=")]
    [InlineData("=?utf-8?B?eA==?=", "=?utf-8?B?PT91dGYtOD9CP2VBPT0/PQ==?=")]
    [InlineData("", "")]
    public void Text_is_encoded(string text, string encoded) => Assert.Equal(encoded, Subject(text));

    [Fact]
    public void Long_plain_text_is_folded_at_blanks()
    {
        var text = string.Join(' ', Enumerable.Repeat("word", 60));
        var folded = Subject(text);
        Assert.All(folded.Split("\r\n"), line => Assert.InRange(line.Length, 1, 77));
        Assert.Equal(text, folded.Replace("\r\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_subject_comes_back_from_a_mail_library()
        => WireText.Any.SampleRepeatably(
            text =>
            {
                var encoded = Subject(text);
                WireText.AssertOnTheWire(Encoding.ASCII.GetBytes("Subject: " + encoded + "\r\n"), 78);
                Assert.DoesNotContain("\r\n\r\n", encoded + "\r\n", StringComparison.Ordinal);
                var message = Load("Subject: " + encoded + "\r\n\r\n");
                Assert.Equal(HeaderText.Collapse(text), message.Subject ?? "");
                Assert.Single(message.Headers);
            },
            iter: 5_000);

    [Fact]
    public void Every_mailbox_comes_back_from_a_mail_library()
        => WireText.Any.SampleRepeatably(
            name =>
            {
                var bytes = WireText.Write((ref ByteWriter writer) => MailboxText.Write(ref writer, "anna@example.org", name));
                var header = Encoding.ASCII.GetString(bytes);
                WireText.AssertOnTheWire(Encoding.ASCII.GetBytes("Reply-To: " + header + "\r\n"), 90);
                var mailbox = Assert.IsType<MailboxAddress>(Assert.Single(Load("To: " + header + "\r\n\r\n").To));
                Assert.Equal("anna@example.org", mailbox.Address);
                Assert.Equal(HeaderText.Collapse(name), mailbox.Name ?? "");
            },
            iter: 5_000);

    [Theory]
    [InlineData("Anna Berg", "Anna Berg <anna@example.org>")]
    [InlineData("Berg, Anna", "\"Berg, Anna\" <anna@example.org>")]
    [InlineData("Anna \"A\\B\"", "\"Anna \\\"A\\\\B\\\"\" <anna@example.org>")]
    [InlineData("", "anna@example.org")]
    [InlineData("\r\n", "anna@example.org")]
    public void A_mailbox_is_quoted_only_where_needed(string name, string header)
        => Assert.Equal(header, Encoding.ASCII.GetString(WireText.Write((ref ByteWriter writer) => MailboxText.Write(ref writer, "anna@example.org", name))));

    private static string Subject(string text) => Encoding.ASCII.GetString(WireText.Write((ref ByteWriter writer) => HeaderText.Write(ref writer, text)));

    private static MimeMessage Load(string text) => MimeMessage.Load(new MemoryStream(Encoding.ASCII.GetBytes(text)));
}
