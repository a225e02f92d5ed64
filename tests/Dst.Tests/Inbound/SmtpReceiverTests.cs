// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using CsCheck;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using Tutti.Dst.Inbound;
using Tutti.Dst.Smtp;
using Tutti.Dst.Tests.Smtp;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Inbound;

public sealed class SmtpReceiverTests
{
    [Fact]
    public async Task A_whole_conversation_in_one_packet_is_answered_line_by_line()
    {
        await using var receiver = new RunningReceiver();

        var heard = await receiver.Tell(
            "EHLO me\r\nMAIL FROM:<a@x.example> SIZE=30 BODY=8BITMIME\r\nRCPT TO:<b@y.example>\r\nRCPT TO:<nobody@y.example>\r\nDATA\r\nSubject: Hi\r\n\r\n..dot\r\n.\r\nQUIT\r\n");

        Assert.Equal(
            "220 dst.example ESMTP Tutti\r\n250-dst.example\r\n250-PIPELINING\r\n250-SIZE 33554432\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES\r\n" +
            "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n550 5.1.1 Nobody\r\n354 Go on; end with a dot on a line of its own.\r\n250 2.0.0 Kept\r\n221 2.0.0 Bye\r\n",
            heard);
        var (from, to, message) = receiver.Remembered.Mails.Single();
        Assert.Equal(("a@x.example", "b@y.example", "Subject: Hi\r\n\r\n.dot\r\n"), (from, to.Single(), message));
    }

    [Fact]
    public async Task MailKit_can_deliver_here()
    {
        await using var receiver = new RunningReceiver();
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", receiver.Endpoint.Port, SecureSocketOptions.None, TestContext.Current.CancellationToken);
        using var message = new MimeMessage([new MailboxAddress("Grün", "a@x.example")], [new MailboxAddress("", "grün@y.example"), new MailboxAddress("", "b@y.example")], "Grüße", new TextPart("plain") { Text = ".\r\n..\r\nSchöne Grüße\r\n" });

        var options = FormatOptions.Default.Clone();
        options.International = true;
        await client.SendAsync(options, message, TestContext.Current.CancellationToken);
        await client.SendAsync(message, MailboxAddress.Parse("c@x.example"), [MailboxAddress.Parse("d@y.example")], TestContext.Current.CancellationToken);
        await client.DisconnectAsync(true, TestContext.Current.CancellationToken);

        Assert.Equal(2, receiver.Remembered.Mails.Count);
        Assert.Equal(["grün@y.example", "b@y.example"], receiver.Remembered.Mails[0].To);
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(receiver.Remembered.Mails[1].Message));
        using var read = await MimeMessage.LoadAsync(stream, TestContext.Current.CancellationToken);
        Assert.Equal(".\r\n..\r\nSchöne Grüße\r\n", read.TextBody!.ReplaceLineEndings("\r\n"));
    }

    [Fact]
    public async Task Our_own_sender_can_deliver_here_with_the_next_envelope_announced()
    {
        await using var receiver = new RunningReceiver();
        await using var connection = (await Sending.Dial(receiver.Endpoint)).Connection!;
        var mails = Enumerable.Range(0, 50).Select(number => Sending.Mail(number % 10 == 7 ? "nobody@y.example" : $"r{number}@y.example")).ToList();
        var results = new List<Result>();

        for (var index = 0; index < mails.Count; index++)
        {
            var prepared = await connection.Prepare(mails[index]);
            results.Add(prepared.Result == Result.Ready ? (await connection.Complete(index + 1 < mails.Count ? mails[index + 1] : null)).Result : prepared.Result);
        }

        await connection.Quit();
        Assert.Equal(45, results.Count(result => result == Result.Accepted));
        Assert.Equal(5, results.Count(result => result == Result.Refused));
        Assert.Equal(45, receiver.Remembered.Mails.Select(mail => mail.To.Single()).Distinct().Count());
    }

    [Theory]
    [InlineData("MAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nDATA\r\nHi\n.\nMAIL FROM:<evil@x.example>\r\n.\r\n", "554 5.6.0")]
    [InlineData("MAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nDATA\r\nHi\n.\r\nMAIL FROM:<evil@x.example>\r\n.\r\n", "554 5.6.0")]
    [InlineData("MAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nDATA\r\nHi\r\n.\nMAIL FROM:<evil@x.example>\r\n.\r\n", "554 5.6.0")]
    [InlineData("MAIL FROM:<a@x.example>\nRCPT TO:<b@y.example>\r\n", "500 5.5.2")]
    [InlineData("RCPT TO:<b@y.example>\r\n", "503 5.5.1")]
    [InlineData("DATA\r\n", "503 5.5.1")]
    [InlineData("MAIL FROM:<a@x.example>\r\nMAIL FROM:<a@x.example>\r\n", "503 5.5.1")]
    [InlineData("MAIL FROM:<a@x.example>\r\nRCPT TO:<nobody@y.example>\r\nDATA\r\n", "554 5.5.1")]
    [InlineData("MAIL FROM:<a@x.example> SIZE=99999999999\r\n", "552 5.3.4")]
    [InlineData("MAIL FROM:a@x.example\r\n", "501 5.1.7")]
    [InlineData("MAIL FROM:<>\r\nRCPT TO:<>\r\n", "501 5.1.3")]
    [InlineData("MAIL FROM:<>\r\nRCPT TO:<no domain>\r\n", "501 5.1.3")]
    [InlineData("EHLO\r\n", "501 5.5.4")]
    [InlineData("BDAT 3 LAST\r\n", "500 5.5.1")]
    public async Task What_does_not_belong_there_is_refused_and_nothing_is_kept(string words, string reply)
    {
        await using var receiver = new RunningReceiver();

        Assert.Contains("\r\n" + reply, await receiver.Tell(words), StringComparison.Ordinal);
        Assert.Empty(receiver.Remembered.Mails);
    }

    [Fact]
    public async Task A_message_without_its_terminator_is_not_kept()
    {
        await using var receiver = new RunningReceiver();

        await receiver.Tell("MAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nDATA\r\nHi\r\n.\r");

        Assert.Empty(receiver.Remembered.Mails);
    }

    [Fact]
    public async Task Limits_hold()
    {
        await using var receiver = new RunningReceiver(new ReceiverLimits { MessageSize = 100, Recipients = 2, CommandLine = 64, Mistakes = 3 });

        Assert.Contains("552 5.3.4", await receiver.Tell($"MAIL FROM:<>\r\nRCPT TO:<b@y.example>\r\nDATA\r\n{new string('x', 101)}\r\n.\r\n"), StringComparison.Ordinal);
        Assert.Contains("452 4.5.3", await receiver.Tell("MAIL FROM:<>\r\nRCPT TO:<a@y.example>\r\nRCPT TO:<b@y.example>\r\nRCPT TO:<c@y.example>\r\n"), StringComparison.Ordinal);
        Assert.EndsWith("500 5.5.2 The line is too long.\r\n250 2.0.0 Ok\r\n", await receiver.Tell($"{new string('x', 300_000)}\r\nNOOP\r\n"), StringComparison.Ordinal);
        Assert.EndsWith("421 4.7.0 That is enough.\r\n", await receiver.Tell("A\r\nB\r\nC\r\nD\r\n"), StringComparison.Ordinal);
        Assert.Empty(receiver.Remembered.Mails);
    }

    [Fact]
    public async Task One_connection_too_many_is_turned_away()
    {
        await using var receiver = new RunningReceiver(new ReceiverLimits { Connections = 1 });
        await using var first = (await Sending.Dial(receiver.Endpoint)).Connection!;

        var (second, failure) = await Sending.Dial(receiver.Endpoint);

        Assert.Null(second);
        Assert.Equal((Result.Deferred, 421), (failure!.Result, failure.Code));
    }

    [Fact]
    public async Task A_silent_client_is_left()
    {
        var clock = new FakeTimeProvider();
        await using var receiver = new RunningReceiver(clock: clock);
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(receiver.Endpoint, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith("220", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var reading = reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask();
        while (!reading.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        await Assert.ThrowsAnyAsync<IOException>(async () => _ = await reading ?? throw new IOException("The end."));
    }

    [Fact]
    public async Task Random_bytes_never_crash_it_and_are_never_a_message()
    {
        await using var receiver = new RunningReceiver();
        var words = Gen.OneOf(
            Gen.OneOf("EHLO x", "HELO x", "MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "DATA", "RSET", "\r\n", "\r", "\n", ".", "QUIT", " ", "<", ">", "\0"),
            Gen.String[Gen.Char['\0', 'ÿ'], 0, 20]);

        await words.Array[0, 40].SampleAsync(async pieces => await receiver.Tell(string.Concat(pieces).Replace("\r\n.\r\n", "\r\n", StringComparison.Ordinal)), iter: 300, threads: 4);

        Assert.Empty(receiver.Remembered.Mails);
        Assert.Contains("250 2.0.0 Kept", await receiver.Tell("MAIL FROM:<>\r\nRCPT TO:<b@y.example>\r\nDATA\r\nHi\r\n.\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_encrypts_where_there_is_a_certificate_and_nothing_said_in_the_clear_counts_after()
    {
        using var certificate = X509CertificateLoader.LoadPkcs12(
            TestAuthority.SelfSigned(new TestCertificate("bounces.example")).Certificate.Export(X509ContentType.Pfx), null);
        var context = SslStreamCertificateContext.Create(certificate, null, offline: true);
        await using var receiver = new RunningReceiver(certificate: () => context);
        using var client = new SmtpClient { CheckCertificateRevocation = false, ServerCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == certificate.GetCertHashString() };
        await client.ConnectAsync("127.0.0.1", receiver.Endpoint.Port, SecureSocketOptions.StartTls, TestContext.Current.CancellationToken);
        Assert.True(client.IsEncrypted);
        using var message = new MimeMessage([new MailboxAddress("", "a@sender.example")], [new MailboxAddress("", "b@rcpt.example")], "Hello", new TextPart("plain") { Text = "secret" });
        await client.SendAsync(message, TestContext.Current.CancellationToken);
        await client.DisconnectAsync(quit: true, TestContext.Current.CancellationToken);
        Assert.Contains("secret", Assert.Single(receiver.Remembered.Mails).Message, StringComparison.Ordinal);

        // What follows STARTTLS in the same packet may have been put there by somebody in between (CVE-2011-0411).
        var heard = await receiver.Tell("EHLO x\r\nSTARTTLS\r\nMAIL FROM:<evil@x.example>\r\n");
        Assert.EndsWith("503 5.5.1 Wait for the answer to STARTTLS.\r\n", heard, StringComparison.Ordinal);
        await using var plain = new RunningReceiver();
        Assert.DoesNotContain("STARTTLS", await plain.Tell("EHLO x\r\nQUIT\r\n"), StringComparison.Ordinal);
        Assert.Contains("500 5.5.1", await plain.Tell("EHLO x\r\nSTARTTLS\r\nQUIT\r\n"), StringComparison.Ordinal);
    }
}
