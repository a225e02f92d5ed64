// SPDX-License-Identifier: Apache-2.0
using System.Text;
using CsCheck;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Tutti.Mail.Dkim;
using Tutti.Mail.Tests.Composing;
using Tutti.Mail.Tests.Transfer;
using Tutti.Testing;
using DkimSigner = Tutti.Mail.Dkim.DkimSigner;

namespace Tutti.Mail.Tests.Dkim;

public sealed class DkimSignerTests
{
    private const string Header = "From: News <news@example.org>\r\nTo: anna@example.net\r\nSubject: Hello\r\n  folded\t text \r\nDate: Sun, 01 Mar 2026 08:05:07 +0000\r\n"
        + "Message-ID: <1@example.org>\r\nReply-To: answers@example.org\r\nList-Unsubscribe: <https://t.example/u/x>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        + "X-Other: not signed\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n";

    private static readonly DateTimeOffset _at = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly DkimKey _key = DkimKey.Create();
    private static readonly DkimKey _curve = DkimKey.Create(DkimAlgorithm.Ed25519);

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("\r\n\r\n\r\n")]
    [InlineData("text")]
    [InlineData("text\r\n")]
    [InlineData("text\r\n\r\n\r\n")]
    [InlineData("text \t \r\n \r\n\t\r\n")]
    [InlineData("  leading  and \t inner\tblanks  \r\n\r\n second\r\n")]
    [InlineData(" ")]
    [InlineData(".\r\n..\r\n")]
    public void A_mail_library_accepts_the_signature(string body) => Assert.True(Verifies(Signed(Header + "\r\n" + body)), body);

    [Fact]
    public void A_message_without_an_empty_line_has_an_empty_body() => Assert.True(Verifies(Signed(Header)));

    [Fact]
    public void A_mail_library_accepts_the_signature_of_any_body()
        => Gen.OneOf("\r\n", " ", "\t", "  ", "a", "word", ".", "=20", "\r\n\r\n").Array[0, 40].SampleRepeatably(
            parts => Assert.True(Verifies(Signed(Header + "\r\n" + string.Concat(parts)))),
            iter: 100);

    [Fact]
    public void A_composed_message_is_signed_and_accepted()
    {
        var message = Campaign.Compile(Campaign.Source with { Subject = "Hi {{ a }}, a long subject that will certainly have to be folded by the composer", Html = "<p>{{ a }}</p>", ListId = "news.example.org" });
        WireText.Any.SampleRepeatably(
            value =>
            {
                var bytes = Campaign.Bytes(Campaign.Composer(message), Campaign.Recipient(Campaign.Merge(message, ("a", value))) with { DisplayName = value });
                Assert.True(Verifies(Signed(Encoding.ASCII.GetString(bytes))));
            },
            iter: 100);
    }

    [Theory]
    [InlineData("From")]
    [InlineData("To")]
    [InlineData("Subject")]
    [InlineData("Date")]
    [InlineData("Message-ID")]
    [InlineData("Reply-To")]
    [InlineData("List-Id")]
    [InlineData("Feedback-ID")]
    [InlineData("List-Unsubscribe")]
    [InlineData("List-Unsubscribe-Post")]
    [InlineData("MIME-Version")]
    [InlineData("Content-Type")]
    [InlineData("Content-Transfer-Encoding")]
    public void Every_field_of_a_composed_message_is_under_its_signature(string name)
    {
        var message = Campaign.Compile(Campaign.Source with { ReplyTo = "answers@example.org", ListId = "news.example.org", FeedbackId = "1:news:example" });
        var signed = Signed(Encoding.ASCII.GetString(Campaign.Bytes(Campaign.Composer(message), Campaign.Recipient(Campaign.Merge(message)))));
        var changed = signed.Replace($"\r\n{name}: ", $"\r\n{name}: x", StringComparison.Ordinal);

        Assert.NotEqual(signed, changed);
        Assert.True(Verifies(signed));
        Assert.False(Verifies(changed));
    }

    [Theory]
    [InlineData("text", "test")]
    [InlineData("Hello", "Hallo")]
    [InlineData("news@", "fake@")]
    [InlineData("One-Click", "Two-Click")]
    public void A_changed_message_is_not_accepted(string old, string changed)
        => Assert.False(Verifies(Signed(Header + "\r\ntext here\r\n").Replace(old, changed, StringComparison.Ordinal)));

    [Theory]
    [InlineData("From: other@example.com\r\n")]
    [InlineData("Subject: other\r\n")]
    [InlineData("Date: Sun, 01 Mar 2026 08:05:08 +0000\r\n")]
    [InlineData("To: other@example.com\r\n")]
    [InlineData("Reply-To: other@example.com\r\n")]
    public void A_second_field_of_those_that_people_see_breaks_the_signature(string header)
    {
        var signed = Signed(Header + "\r\ntext\r\n");
        Assert.True(Verifies(signed));
        Assert.False(Verifies(signed.Replace("\r\nTo:", "\r\n" + header + "To:", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_header_names_what_it_signs()
    {
        var signature = SignatureOf(Header + "\r\ntext\r\n");
        Assert.StartsWith("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org;\r\n s=s1; t=1772355600;\r\n h=from:to:subject:date:message-id:mime-version:content-type:reply-to:list-unsubscribe:list-unsubscribe-post:from:to:subject:date:reply-to;\r\n bh=", signature, StringComparison.Ordinal);
        Assert.EndsWith("\r\n", signature, StringComparison.Ordinal);
        Assert.All(signature.Split("\r\n"), line => Assert.InRange(line.Length, 0, 200));
    }

    [Fact]
    public void Two_keys_sign_side_by_side_and_each_signature_stands_for_itself()
    {
        using var rsa = new DkimSigner(_key, "example.org", "s1");
        using var curve = new DkimSigner(_curve, "example.org", "c1");
        Gen.OneOf("\r\n", " ", "\t", "a", "word", "\r\n\r\n").Array[0, 20].SampleRepeatably(
            parts =>
            {
                var text = Header + "Feedback-ID: 1:2:tutti:example\r\n\r\n" + string.Concat(parts);
                var message = Load([.. DkimSigner.Sign([rsa, curve], Encoding.ASCII.GetBytes(text), _at), .. Encoding.ASCII.GetBytes(text)]);
                var signatures = message.Headers.Where(header => header.Id == HeaderId.DkimSignature).ToList();
                Assert.Equal(["rsa-sha256", "ed25519-sha256"], signatures.Select(header => header.Value.Split("a=")[1].Split(';')[0]));
                Assert.All(signatures, header => Assert.True(Verifies(message, header), text));
                Assert.All(signatures, header => Assert.Contains(":feedback-id:", header.Value, StringComparison.Ordinal));
                message.Subject = "Other";
                Assert.All(signatures, header => Assert.False(Verifies(message, header)));
            },
            iter: 50);
    }

    [Fact]
    public void Many_threads_may_sign_at_once()
    {
        using var signer = new DkimSigner(_key, "example.org", "s1");
        var messages = Enumerable.Range(0, 32).Select(i => Header + "\r\nMessage " + i + "\r\n").ToList();
        var signed = new string[messages.Count];
        Parallel.For(0, messages.Count, i => signed[i] = Encoding.ASCII.GetString(signer.Sign(Encoding.ASCII.GetBytes(messages[i]), _at)) + messages[i]);
        Assert.All(signed, message => Assert.True(Verifies(message)));
    }

    [Theory]
    [InlineData("example.org\r\nX: y", "s1")]
    [InlineData("", "s1")]
    [InlineData("example.org", "s 1")]
    [InlineData("example.org", "s;1")]
    public void A_domain_or_selector_that_is_no_name_is_refused(string domain, string selector)
        => Assert.ThrowsAny<ArgumentException>(() => new DkimSigner(_key, domain, selector));

    private static string SignatureOf(string message)
    {
        using var signer = new DkimSigner(_key, "example.org", "s1");
        return Encoding.ASCII.GetString(signer.Sign(Encoding.ASCII.GetBytes(message), _at));
    }

    private static string Signed(string message) => SignatureOf(message) + message;

    private static bool Verifies(string text)
    {
        var message = Load(Encoding.ASCII.GetBytes(text));
        return Verifies(message, message.Headers.First(header => header.Id == HeaderId.DkimSignature));
    }

    private static bool Verifies(MimeMessage message, Header signature) => new DkimVerifier(new Locator()).Verify(FormatOptions.Default, message, signature);

    private static MimeMessage Load(byte[] message) => MimeMessage.Load(new MemoryStream(message));

    private sealed class Locator : IDkimPublicKeyLocator
    {
        public AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancellationToken = default)
        {
            Assert.Equal("dns/txt", methods);
            Assert.Equal("example.org", domain);
            var text = DkimRecord.Of(selector == "s1" ? _key : _curve, domain, selector).Text;
            var key = Convert.FromBase64String(text[(text.IndexOf("p=", StringComparison.Ordinal) + 2)..]);
            return selector == "s1" ? PublicKeyFactory.CreateKey(key) : new Ed25519PublicKeyParameters(key);
        }

        public Task<AsymmetricKeyParameter> LocatePublicKeyAsync(string methods, string domain, string selector, CancellationToken cancellationToken = default)
            => Task.FromResult(LocatePublicKey(methods, domain, selector, cancellationToken));
    }
}
