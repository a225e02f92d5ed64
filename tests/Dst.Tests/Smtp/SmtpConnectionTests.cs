// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Smtp;

namespace Tutti.Dst.Tests.Smtp;

public sealed class SmtpConnectionTests
{
    [Fact]
    public async Task A_message_goes_in_groups_and_its_reply_is_reported()
    {
        await using var peer = ScriptedPeer.Playing(Sending.Hello + Sending.Envelope + Sending.Agreed + """
            M: \r\n.\r\n
            S: 250 2.0.0 Ok: queued as 4711
            C: QUIT
            S: 221 2.0.0 Bye
            """);
        await using var connection = await Sending.Open(peer);

        Assert.Equal(Result.Ready, (await connection.Prepare(Sending.Mail())).Result);
        var answer = await connection.Complete();
        await connection.Quit();
        await peer.Played;

        Assert.Equal(new Answer(Result.Accepted, Stage.End, 250, "2.0.0", "250 2.0.0 Ok: queued as 4711"), answer);
        Assert.Equal(["Subject: Hi\r\n\r\nHello.\r\n.\r\n"], peer.Messages);
        Assert.StartsWith("mx.example [127.0.0.1]", connection.Host, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_pipelining_each_command_waits_for_its_reply()
    {
        await using var peer = ScriptedPeer.Playing("""
            S: 220 mx.example ESMTP
            C: EHLO dst.example
            S: 250-mx.example
            S: 250 SIZE 1000
            C: MAIL FROM:<news@sender.example> SIZE=23
            S: 250 Ok
            C: RCPT TO:<a@mx.example>
            S: 250 Ok
            C: DATA
            S: 354 Go on
            M: \r\n.\r\n
            S: 250 Ok
            """);
        await using var connection = await Sending.Open(peer);

        var answer = await Sending.Send(connection, Sending.Mail());

        await peer.Played;
        Assert.Equal((Result.Accepted, "", "250 Ok"), (answer.Result, answer.EnhancedCode, answer.Text));
    }

    [Fact]
    public async Task A_server_that_does_not_know_EHLO_is_greeted_with_HELO()
    {
        await using var peer = ScriptedPeer.Playing("""
            S: 220 mx.example
            C: EHLO dst.example
            S: 502 What?
            C: HELO dst.example
            S: 250 mx.example
            C: MAIL FROM:<news@sender.example>
            S: 250 Ok
            C: RCPT TO:<a@mx.example>
            S: 250 Ok
            C: DATA
            S: 354 Go on
            M: \r\n.\r\n
            S: 250 Ok
            """);
        await using var connection = await Sending.Open(peer);

        Assert.Equal(Result.Accepted, (await Sending.Send(connection, Sending.Mail())).Result);
        await peer.Played;
    }

    [Fact]
    public async Task A_refused_recipient_is_reported_with_its_reply_and_the_next_message_starts_afresh()
    {
        await using var peer = ScriptedPeer.Playing(Sending.Hello + Sending.Envelope + """
            S: 250 2.1.0 Ok
            S: 550 5.1.1 No such user
            S: 554 5.5.1 No valid recipients
            C: RSET
            """ + "\n" + Sending.Envelope + "S: 250 2.0.0 Ok\n" + Sending.Agreed + """
            M: \r\n.\r\n
            S: 250 2.0.0 Ok
            """);
        await using var connection = await Sending.Open(peer);

        Assert.Equal(
            new Answer(Result.Refused, Stage.Recipient, 550, "5.1.1", "550 5.1.1 No such user"),
            await connection.Prepare(Sending.Mail()));
        Assert.Equal(Result.Accepted, (await Sending.Send(connection, Sending.Mail())).Result);
        await peer.Played;
    }

    [Fact]
    public async Task A_receiver_that_waits_for_a_message_to_nobody_gets_an_empty_one()
    {
        await using var peer = ScriptedPeer.Playing(Sending.Hello + Sending.Envelope + """
            S: 250 2.1.0 Ok
            S: 450 4.2.1 Later
            S: 354 Go on
            C: .
            S: 554 5.5.1 No valid recipients
            """);
        await using var connection = await Sending.Open(peer);

        var answer = await connection.Prepare(Sending.Mail());

        await peer.Played;
        Assert.Equal((Result.Deferred, Stage.Recipient, "450 4.2.1 Later"), (answer.Result, answer.Stage, answer.Text));
    }

    [Theory]
    [InlineData("451 4.7.1 Slow down", "503 Bad", "503 Bad", Result.Deferred, Stage.Mail)]
    [InlineData("550 5.7.1 Go away", "503 Bad", "503 Bad", Result.Refused, Stage.Mail)]
    [InlineData("250 Ok", "452 4.2.2 Full", "554 Bad", Result.Deferred, Stage.Recipient)]
    [InlineData("250 Ok", "250 Ok", "451 4.3.0 No disk", Result.Deferred, Stage.Data)]
    [InlineData("250 Ok", "250 Ok", "554 5.7.1 Spam", Result.Refused, Stage.Data)]
    internal async Task A_no_before_the_message_is_reported_with_its_stage(string mail, string recipient, string data, Result result, Stage stage)
    {
        await using var peer = ScriptedPeer.Playing(Sending.Hello + Sending.Envelope + $"S: {mail}\nS: {recipient}\nS: {data}\nC: QUIT\nS: 221 Bye");
        await using var connection = await Sending.Open(peer);

        var answer = await connection.Prepare(Sending.Mail());
        await connection.Quit();

        await peer.Played;
        Assert.Equal((result, stage), (answer.Result, answer.Stage));
    }

    [Theory]
    [InlineData("250 2.0.0 Ok", Result.Accepted, "2.0.0")]
    [InlineData("251 Ok", Result.Accepted, "")]
    [InlineData("421 4.3.2 Going down", Result.Deferred, "4.3.2")]
    [InlineData("452 4.3.1 Full", Result.Deferred, "4.3.1")]
    [InlineData("554 5.7.1 Spam", Result.Refused, "5.7.1")]
    [InlineData("554 2.7.1 Wrong class", Result.Refused, "")]
    internal async Task A_complete_reply_to_the_message_is_its_outcome(string reply, Result result, string enhanced)
    {
        await using var peer = ScriptedPeer.Playing(Sending.Hello + Sending.Envelope + Sending.Agreed + $"M: \\r\\n.\\r\\n\nS: {reply}");
        await using var connection = await Sending.Open(peer);

        var answer = await Sending.Send(connection, Sending.Mail());

        await peer.Played;
        Assert.Equal((result, Stage.End, enhanced, reply), (answer.Result, answer.Stage, answer.EnhancedCode, answer.Text));
        Assert.Equal(answer.Code != 421, connection.IsOpen);
    }

    [Fact]
    public async Task Dots_are_doubled_and_an_open_end_is_closed()
    {
        await using var peer = ScriptedPeer.Playing(Sending.Hello + Sending.Envelope + Sending.Agreed + "M: end\\r\\n.\\r\\n\nS: 250 Ok");
        await using var connection = await Sending.Open(peer);

        Assert.Equal(Result.Accepted, (await Sending.Send(connection, Sending.Mail(message: ".a\r\n..\r\n.\r\nb.\r\n.end"))).Result);
        Assert.Equal(["..a\r\n...\r\n..\r\nb.\r\n..end\r\n.\r\n"], peer.Messages);
    }

    [Theory]
    [InlineData("a@mx.example", "Subject: x\n\nBare.\r\n", "5.6.0")]
    [InlineData("a@mx.example", "Subject: x\r\n\r\nBare\rreturn.\r\n", "5.6.0")]
    [InlineData("a@mx.example", "Subject: x\r\n\r\nA\n.\r\nMAIL FROM:<evil@x.example>\r\n", "5.6.0")]
    [InlineData("a@mx.example>\r\nRCPT TO:<b@mx.example", "Subject: x\r\n\r\n", "5.1.3")]
    [InlineData("a@mx.example> SIZE=1", "Subject: x\r\n\r\n", "5.1.3")]
    [InlineData("nobody", "Subject: x\r\n\r\n", "5.1.3")]
    [InlineData("grün@mx.example", "Subject: x\r\n\r\n", "5.6.7")]
    [InlineData("a@mx.example", "Subject: grün\r\n\r\n", "5.6.3")]
    [InlineData("a@mx.example", "Subject: 0123456789012345678901234567890123456789012345678901234567890123456789\r\n\r\n", "5.3.4")]
    public async Task What_the_receiver_could_misread_or_not_take_is_refused_without_asking(string to, string message, string code)
    {
        await using var peer = ScriptedPeer.Playing("""
            S: 220 mx.example
            C: EHLO dst.example
            S: 250-mx.example
            S: 250-SIZE 60
            S: 250 PIPELINING
            C: QUIT
            S: 221 Bye
            """);
        await using var connection = await Sending.Open(peer);

        var answer = await connection.Prepare(Sending.Mail(to, message));
        await connection.Quit();

        await peer.Played;
        Assert.Equal((Result.Refused, Stage.Local, 0, code), (answer.Result, answer.Stage, answer.Code, answer.EnhancedCode));
        Assert.NotEmpty(answer.Text);
    }

    [Fact]
    public async Task Characters_beyond_ASCII_are_announced_where_they_are_welcome()
    {
        await using var peer = ScriptedPeer.Playing("""
            S: 220 mx.example
            C: EHLO dst.example
            S: 250-mx.example
            S: 250-8BITMIME
            S: 250 SMTPUTF8
            M: \r\n
            S: 250 Ok
            M: \r\n
            S: 250 Ok
            C: DATA
            S: 354 Go on
            M: \r\n.\r\n
            S: 250 Ok
            """);
        await using var connection = await Sending.Open(peer);

        Assert.Equal(Result.Accepted, (await Sending.Send(connection, Sending.Mail("grün@mx.example", "Subject: grün\r\n\r\n"))).Result);
        Assert.Equal("MAIL FROM:<news@sender.example> BODY=8BITMIME SMTPUTF8\r\n", peer.Messages[0]);
        Assert.Equal("RCPT TO:<grÃ¼n@mx.example>\r\n", peer.Messages[1]);
    }

    [Theory]
    [InlineData("news@sender.example", "r-abc", "a+b@mx.example", " RET=HDRS ENVID=r-abc", " NOTIFY=FAILURE ORCPT=rfc822;a+2Bb@mx.example")]
    [InlineData("news@sender.example", "", "\"a=b c\"@mx.example", " RET=HDRS", " NOTIFY=FAILURE ORCPT=rfc822;\"a+3Db+20c\"@mx.example")]
    [InlineData("", "r-abc", "a@mx.example", "", "")]
    public async Task Where_reports_can_be_asked_for_they_are_of_failures_only_with_a_name_for_the_message(string from, string id, string to, string ofMessage, string ofRecipient)
    {
        await using var peer = ScriptedPeer.Playing($"""
            S: 220 mx.example
            C: EHLO dst.example
            S: 250-mx.example
            S: 250-DSN
            S: 250 PIPELINING
            C: MAIL FROM:<{from}>{ofMessage}
            C: RCPT TO:<{to}>{ofRecipient}
            C: DATA

            """ + Sending.Agreed + "M: \\r\\n.\\r\\n\nS: 250 2.0.0 Ok");
        await using var connection = await Sending.Open(peer);

        Assert.Equal(Result.Accepted, (await Sending.Send(connection, new OutgoingMail(from, to, Sending.Mail().Message) { EnvelopeId = id })).Result);
        await peer.Played;
    }

    [Fact]
    public async Task The_next_envelope_can_leave_with_the_end_of_the_message_before()
    {
        await using var peer = ScriptedPeer.Playing(Sending.Hello + Sending.Envelope + Sending.Agreed + "M: \\r\\n.\\r\\n\n" + Sending.Envelope + """
            S: 250 2.0.0 First
            S: 250 2.1.0 Ok
            S: 550 5.1.1 Nobody
            S: 554 5.5.1 None
            C: RSET
            """ + "\n" + Sending.Envelope + "S: 250 2.0.0 Ok\n" + Sending.Agreed + "M: \\r\\n.\\r\\n\nS: 250 2.0.0 Third");
        await using var connection = await Sending.Open(peer);
        var (first, second, third) = (Sending.Mail(), Sending.Mail(), Sending.Mail());

        await connection.Prepare(first);
        Assert.Equal("250 2.0.0 First", (await connection.Complete(second)).Text);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await connection.Prepare(third));
        Assert.Equal("550 5.1.1 Nobody", (await connection.Prepare(second)).Text);
        Assert.Equal("250 2.0.0 Third", (await Sending.Send(connection, third)).Text);
        await peer.Played;
    }

    [Fact]
    public async Task A_next_message_that_is_refused_here_is_not_announced()
    {
        await using var peer = ScriptedPeer.Playing(Sending.Hello + Sending.Envelope + Sending.Agreed + "M: \\r\\n.\\r\\n\nS: 250 Ok\nC: QUIT\nS: 221 Bye");
        await using var connection = await Sending.Open(peer);
        var bad = Sending.Mail(message: "Bare\n");

        await connection.Prepare(Sending.Mail());
        Assert.Equal(Result.Accepted, (await connection.Complete(bad)).Result);
        Assert.Equal(Result.Refused, (await connection.Prepare(bad)).Result);
        await connection.Quit();
        await peer.Played;
    }

    [Fact]
    public async Task A_message_that_is_prepared_and_given_up_is_not_taken()
    {
        await using var peer = ScriptedPeer.Playing(Sending.Hello + Sending.Envelope + Sending.Agreed + "M: .\\r\\n.\\r\\n");
        await using (var connection = await Sending.Open(peer))
        {
            await connection.Prepare(Sending.Mail());
            await connection.Quit();
        }

        var failure = await Assert.ThrowsAsync<ScriptException>(() => peer.Played);
        Assert.Contains("The client left after 'Subject: Hi", failure.Message, StringComparison.Ordinal);
    }
}
