// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Smtp;

namespace Tutti.Dst.Tests.Smtp;

/// <summary>BDAT (RFC 3030) where the receiver offers CHUNKING. Its last two octets are the terminator.</summary>
public sealed class ChunkingTests
{
    private const string Hello = """
        S: 220 mx.example ESMTP
        C: EHLO dst.example
        S: 250-mx.example
        S: 250-PIPELINING
        S: 250 CHUNKING

        """;

    private const string Envelope = """
        C: MAIL FROM:<news@sender.example>
        C: RCPT TO:<a@mx.example>

        """;

    private const string Agreed = """
        S: 250 2.1.0 Ok
        S: 250 2.1.5 Ok

        """;

    // "Subject: Hi\r\n\r\nHello.\r\n" has 23 octets.
    private const string Open = Hello + Envelope + Agreed + "C: BDAT 23 LAST\n";
    private const string During = Open + "M: Hello.\n";
    private const string After = Open + "M: Hello.\\r\\n\n";

    [Fact]
    public async Task A_message_goes_in_one_piece_without_doubled_dots_and_the_next_one_starts_afresh()
    {
        await using var peer = ScriptedPeer.Playing(
            Hello + Envelope + Agreed + "C: BDAT 21 LAST\nM: .end\\r\\n\nC: RSET\n" + Envelope + "S: 250 2.0.0 First\nS: 250 2.0.0 Reset\n" + Agreed
            + "C: BDAT 23 LAST\nM: Hello.\\r\\n\nS: 250 2.0.0 Second\nC: QUIT\nS: 221 Bye");
        await using var connection = await Sending.Open(peer);
        var (first, second) = (Sending.Mail(message: ".a\r\n..\r\n.\r\nb.\r\n.end"), Sending.Mail());

        await connection.Prepare(first);
        Assert.Equal("250 2.0.0 First", (await connection.Complete(second)).Text);
        Assert.Equal("250 2.0.0 Second", (await Sending.Send(connection, second)).Text);
        await connection.Quit();
        await peer.Played;

        Assert.Equal([".a\r\n..\r\n.\r\nb.\r\n.end\r\n", "Subject: Hi\r\n\r\nHello.\r\n"], peer.Messages);
    }

    [Fact]
    public async Task Without_pipelining_each_command_waits_for_its_reply()
    {
        await using var peer = ScriptedPeer.Playing("""
            S: 220 mx.example
            C: EHLO dst.example
            S: 250-mx.example
            S: 250 CHUNKING
            C: MAIL FROM:<news@sender.example>
            S: 250 Ok
            C: RCPT TO:<a@mx.example>
            S: 250 Ok
            C: BDAT 23 LAST
            M: Hello.\r\n
            S: 250 Ok
            """);
        await using var connection = await Sending.Open(peer);

        Assert.Equal(Result.Accepted, (await Sending.Send(connection, Sending.Mail())).Result);
        await peer.Played;
    }

    [Fact]
    public async Task A_refused_recipient_costs_no_message()
    {
        await using var peer = ScriptedPeer.Playing(Hello + Envelope + "S: 250 Ok\nS: 550 5.1.1 Nobody\nC: RSET\n" + Envelope + "S: 250 Ok\n" + Agreed + "C: BDAT 23 LAST\nM: Hello.\\r\\n\nS: 250 Ok");
        await using var connection = await Sending.Open(peer);

        Assert.Equal("550 5.1.1 Nobody", (await connection.Prepare(Sending.Mail())).Text);
        Assert.Equal(Result.Accepted, (await Sending.Send(connection, Sending.Mail())).Result);
        await peer.Played;
    }

    [Theory]
    [InlineData("250 2.0.0 Ok", Result.Accepted)]
    [InlineData("452 4.3.1 Full", Result.Deferred)]
    [InlineData("554 5.7.1 Spam", Result.Refused)]
    internal async Task A_complete_reply_to_the_piece_is_its_outcome(string reply, Result result)
    {
        await using var peer = ScriptedPeer.Playing(After + $"S: {reply}\nC: QUIT");
        await using var connection = await Sending.Open(peer);

        var answer = await Sending.Send(connection, Sending.Mail());
        await connection.Quit();

        await peer.Played;
        Assert.Equal((result, Stage.End, reply), (answer.Result, answer.Stage, answer.Text));
    }

    [Theory]
    [InlineData("X: close")]
    [InlineData("X: reset")]
    public async Task A_receiver_that_leaves_before_the_last_octets_cannot_have_the_message(string end)
    {
        await using var peer = ScriptedPeer.Playing(During + end);
        await using var connection = await Sending.Open(peer);

        Assert.Equal(Result.Ready, (await connection.Prepare(Sending.Mail())).Result);
        await peer.Played;

        Assert.Equal(Result.Broken, (await connection.Complete()).Result);
    }

    [Theory]
    [InlineData("X: close")]
    [InlineData("X: reset")]
    [InlineData("S| 250 2.0.0 Ok\nX: close")]
    [InlineData("S: 354 Go on")]
    public async Task After_the_last_octets_anything_but_a_complete_reply_leaves_the_message_in_doubt(string end)
    {
        await using var peer = ScriptedPeer.Playing(After + end);
        await using var connection = await Sending.Open(peer);

        Assert.Equal((Result.InDoubt, Stage.End), await Sending.Send(connection, Sending.Mail()) is var answer ? (answer.Result, answer.Stage) : default);
    }

    [Fact]
    public async Task A_message_that_is_prepared_and_given_up_is_not_complete()
    {
        await using var peer = ScriptedPeer.Playing(During + "M: \\r\\n");
        await using (var connection = await Sending.Open(peer))
        {
            await connection.Prepare(Sending.Mail());
            await connection.Quit();
        }

        var failure = await Assert.ThrowsAsync<ScriptException>(() => peer.Played);
        Assert.Contains("The client left after ''", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(During + "S: 502 5.5.1 Unknown command\nX: close")]
    [InlineData(After + "S: 500 5.5.2 Unknown command\nX: close")]
    public async Task A_host_that_offers_CHUNKING_and_does_not_know_it_gets_DATA_from_then_on(string first)
    {
        await using var peer = ScriptedPeer.Playing(first, Hello + Sending.Envelope + Sending.Agreed + "M: \\r\\n.\\r\\n\nS: 250 Ok");
        var dialer = new SmtpDialer(new SmtpSettings(), "dst.example", TimeProvider.System);
        MailHost[] hosts = [new("mx.example", peer.Endpoint.Port, [peer.Endpoint.Address])];

        await using (var connection = (await dialer.Dial(hosts, TestContext.Current.CancellationToken)).Connection!)
        {
            await connection.Prepare(Sending.Mail());
            while (first.StartsWith(During, StringComparison.Ordinal) && !connection.WasInterrupted)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
            }

            Assert.Equal(Result.Broken, (await connection.Complete()).Result);
            Assert.False(connection.IsOpen);
        }

        await using var again = (await dialer.Dial(hosts, TestContext.Current.CancellationToken)).Connection!;
        Assert.Equal(Result.Accepted, (await Sending.Send(again, Sending.Mail())).Result);
        await peer.Played;
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        await using var peer = ScriptedPeer.Playing(Hello + Sending.Envelope + Sending.Agreed + "M: \\r\\n.\\r\\n\nS: 250 Ok");
        await using var connection = await Sending.Open(peer, settings: new SmtpSettings { SmtpChunking = false });

        Assert.Equal(Result.Accepted, (await Sending.Send(connection, Sending.Mail())).Result);
        await peer.Played;
    }
}
