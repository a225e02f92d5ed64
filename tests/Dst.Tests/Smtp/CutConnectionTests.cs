// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Smtp;

namespace Tutti.Dst.Tests.Smtp;

/// <summary>The connection ends at every point of a conversation. Before the terminator nothing is lost, after it nobody knows.</summary>
public sealed class CutConnectionTests
{
    private const string Before = Sending.Hello + Sending.Envelope;
    private const string During = Before + Sending.Agreed;
    private const string After = During + "M: \\r\\n.\\r\\n\n";
    private static readonly string _large = "Subject: Large\r\n\r\n" + string.Concat(Enumerable.Repeat("All work and no play makes a dull letter.\r\n", 400_000));

    public static TheoryData<string> Ends => ["X: close", "X: reset"];

    [Theory]
    [InlineData("")]
    [InlineData("S| 22")]
    [InlineData("S: 220-mx.example")]
    [InlineData("S: 220 mx.example\nC: EHLO dst.example")]
    [InlineData("S: 220 mx.example\nC: EHLO dst.example\nS: 250-mx.example")]
    [InlineData("S: 554 No service")]
    [InlineData("S: 421 Not now")]
    [InlineData("S: HTTP/1.1 400 Bad Request")]
    public async Task A_connection_that_does_not_come_about_can_be_tried_again(string script)
    {
        await using var peer = ScriptedPeer.Playing(script);

        var (connection, failure) = await Sending.Dial(peer);

        Assert.Null(connection);
        Assert.Contains(failure!.Result, new[] { Result.Broken, Result.Deferred });
        Assert.Equal(Stage.Connecting, failure.Stage);
        Assert.StartsWith("mx.example [127.0.0.1]: ", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_address_is_tried_when_one_does_not_answer()
    {
        await using var deaf = ScriptedPeer.Playing("S: 554 Not here");
        await using var peer = ScriptedPeer.Playing(Sending.Hello);
        var dialer = new SmtpDialer(new SmtpSettings(), "dst.example", TimeProvider.System);

        var (connection, _) = await dialer.Dial(
            [new MailHost("deaf.example", deaf.Endpoint.Port, [deaf.Endpoint.Address]), new MailHost("mx.example", peer.Endpoint.Port, [peer.Endpoint.Address])],
            TestContext.Current.CancellationToken);

        Assert.StartsWith("mx.example", connection!.Host, StringComparison.Ordinal);
        await connection.DisposeAsync();
    }

    [Theory]
    [InlineData(Before + "X: close")]
    [InlineData(Before + "X: reset")]
    [InlineData(Before + "S: 250 Ok\nX: close")]
    [InlineData(Before + "S: 250 Ok\nS: 250 Ok\nX: close")]
    [InlineData(Before + "S: 250 Ok\nS: 250 Ok\nS| 35\nX: close")]
    [InlineData(Before + "S: 250 Ok\nS: 250 Ok\nS: 250 Ok")]
    [InlineData(Before + "S: mumble\nX: close")]
    [InlineData(Before + "S: 250-Ok\nS: 251 Ok")]
    [InlineData(Before + "S: 354 Too early")]
    public async Task Before_the_message_is_written_it_can_be_tried_again(string script)
    {
        await using var peer = ScriptedPeer.Playing(script);
        await using var connection = await Sending.Open(peer);

        var answer = await connection.Prepare(Sending.Mail());

        Assert.Equal(Result.Broken, answer.Result);
        Assert.False(connection.IsOpen);
        Assert.NotEmpty(answer.Text);
    }

    [Fact]
    public async Task A_connection_lost_amid_a_large_message_can_be_tried_again()
    {
        await using var peer = ScriptedPeer.Playing(During + "M: All work\nX: reset");
        await using var connection = await Sending.Open(peer);

        Assert.Equal(Result.Broken, (await connection.Prepare(Sending.Mail(message: _large))).Result);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task A_receiver_that_leaves_before_the_terminator_cannot_have_the_message(string end)
    {
        await using var peer = ScriptedPeer.Playing(During + "M: Hello.\\r\\n\n" + end);
        await using var connection = await Sending.Open(peer);

        Assert.Equal(Result.Ready, (await connection.Prepare(Sending.Mail())).Result);
        await peer.Played;
        var answer = await connection.Complete();

        Assert.Equal((Result.Broken, Stage.Body), (answer.Result, answer.Stage));
    }

    [Theory]
    [InlineData("421 4.4.2 Too slow", Result.Deferred)]
    [InlineData("552 5.3.4 Too big", Result.Refused)]
    [InlineData("250 2.0.0 I guess", Result.Broken)]
    internal async Task Words_before_the_terminator_are_heard_and_the_terminator_is_not_sent(string words, Result result)
    {
        await using var peer = ScriptedPeer.Playing(During + $"M: Hello.\\r\\n\nS: {words}\nM: .\\r\\n");
        await using var connection = await Sending.Open(peer);

        await connection.Prepare(Sending.Mail());
        await Until(() => peer.Messages.Count == 1);
        await Until(() => connection.WasInterrupted);
        var answer = await connection.Complete();
        await connection.Quit();

        Assert.Equal((result, Stage.Body), (answer.Result, answer.Stage));
        await Assert.ThrowsAsync<ScriptException>(() => peer.Played);
    }

    [Theory]
    [InlineData("X: close")]
    [InlineData("X: reset")]
    [InlineData("S| 25\nX: close")]
    [InlineData("S| 250 2.0.0 Ok\nX: close")]
    [InlineData("S| 250 2.0.0 Ok\\r\nX: close")]
    [InlineData("S: 250-2.0.0 Ok\nX: close")]
    [InlineData("S: 250-2.0.0 Ok\nS: 550 5.0.0 No")]
    [InlineData("S: 354 Go on")]
    [InlineData("S: mumble")]
    [InlineData("S: 999 What")]
    [InlineData("S: 2.0.0 Ok")]
    public async Task After_the_terminator_anything_but_a_complete_reply_leaves_the_message_in_doubt(string end)
    {
        await using var peer = ScriptedPeer.Playing(After + end);
        await using var connection = await Sending.Open(peer);

        var answer = await Sending.Send(connection, Sending.Mail());

        Assert.Equal((Result.InDoubt, Stage.End, 0), (answer.Result, answer.Stage, answer.Code));
        Assert.False(connection.IsOpen);
        Assert.NotEmpty(answer.Text);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1)]
    public async Task A_reply_of_100_KB_is_a_reply(int lines)
    {
        var line = new string('x', 100_000 / lines);
        var reply = string.Concat(Enumerable.Repeat($"S: 250-{line}\n", lines - 1)) + $"S: 250 {line}\n";
        await using var peer = ScriptedPeer.Playing(After + reply + "C: QUIT");
        await using var connection = await Sending.Open(peer);

        var answer = await Sending.Send(connection, Sending.Mail());
        await connection.Quit();

        await peer.Played;
        Assert.Equal(Result.Accepted, answer.Result);
        Assert.InRange(answer.Text.Length, 490, 500);
    }

    [Fact]
    public async Task A_reply_without_end_leaves_the_message_in_doubt()
    {
        await using var peer = ScriptedPeer.Playing(After + string.Concat(Enumerable.Repeat($"S: 250-{new string('x', 100_000)}\n", 11)) + "X: hang");
        await using var connection = await Sending.Open(peer);

        Assert.Equal(Result.InDoubt, (await Sending.Send(connection, Sending.Mail())).Result);
    }

    [Theory]
    [InlineData("X: hang", Stage.Connecting, Result.Broken)]
    [InlineData(Before + "X: hang", Stage.Data, Result.Broken)]
    [InlineData(Before + "S: 250 Ok\nS| 25\nX: hang", Stage.Data, Result.Broken)]
    [InlineData(After + "X: hang", Stage.End, Result.InDoubt)]
    [InlineData(After + "S: 250-Ok\nX: hang", Stage.End, Result.InDoubt)]
    internal async Task Waiting_has_an_end(string script, Stage stage, Result result)
    {
        var clock = new FakeTimeProvider();
        await using var peer = ScriptedPeer.Playing(script);

        var sending = Task.Run(async () =>
        {
            var (connection, failure) = await Sending.Dial(peer, clock);
            return connection is null ? failure! : await Sending.Send(connection, Sending.Mail());
        });
        await peer.Hanging;
        while (!sending.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        var answer = await sending;
        Assert.Equal((result, stage), (answer.Result, answer.Stage));
        Assert.EndsWith("took too long.", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Before + "X: hang", Result.Broken)]
    [InlineData(After + "X: hang", Result.InDoubt)]
    internal async Task The_end_of_the_lifetime_cuts_at_once(string script, Result result)
    {
        using var lifetime = new CancellationTokenSource();
        await using var peer = ScriptedPeer.Playing(script);
        await using var connection = await Sending.Open(peer, lifetime: lifetime.Token);

        var sending = Sending.Send(connection, Sending.Mail());
        await peer.Hanging;
        await lifetime.CancelAsync();

        var answer = await sending;
        Assert.Equal((result, "The distributor stopped."), (answer.Result, answer.Text));
    }

    [Fact]
    public async Task The_announced_message_of_a_connection_in_doubt_can_be_tried_again()
    {
        await using var peer = ScriptedPeer.Playing(After + Sending.Envelope + "S: 250 Ok\nX: close");
        await using var connection = await Sending.Open(peer);
        var next = Sending.Mail();

        await connection.Prepare(Sending.Mail());
        Assert.Equal(Result.Accepted, (await connection.Complete(next)).Result);
        Assert.Equal(Result.Broken, (await connection.Prepare(next)).Result);
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
