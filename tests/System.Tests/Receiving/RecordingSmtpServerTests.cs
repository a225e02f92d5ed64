// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;

namespace Tutti.System.Tests.Receiving;

/// <summary>The receiver is what the other tests trust; so it is tested first.</summary>
public sealed class RecordingSmtpServerTests
{
    [Fact]
    public async Task A_message_is_kept_as_it_was_sent_with_its_envelope()
    {
        await using var server = new RecordingSmtpServer();

        await Say(server, "EHLO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nDATA\r\n", "Subject: s\r\n\r\n..dot\r\nend\r\n.\r\nQUIT\r\n");

        var message = Assert.Single(server.Messages);
        Assert.Equal(("a@x.example", "b@y.example", true), (message.Sender, message.Recipient, message.Kept));
        Assert.Equal("Subject: s\r\n\r\n.dot\r\nend\r\n", Encoding.ASCII.GetString(message.Raw));
    }

    [Theory]
    [InlineData(Behaviour.RefuseAddress, "550 5.1.1", 0)]
    [InlineData(Behaviour.DeferAddress, "451 4.2.1", 0)]
    [InlineData(Behaviour.RefuseMessage, "554 5.7.1", 1)]
    [InlineData(Behaviour.DeferMessage, "451 4.3.0", 1)]
    [InlineData(Behaviour.DropBeforeTerminator, "354", 0)]
    [InlineData(Behaviour.DropAfterTerminator, "354", 1)]
    public async Task The_script_decides_what_happens(Behaviour behaviour, string expected, int read)
    {
        await using var server = new RecordingSmtpServer((_, attempt) => attempt == 1 ? behaviour : Behaviour.Accept);
        var body = string.Concat(Enumerable.Repeat(new string('x', 70) + "\r\n", 10)) + ".\r\nQUIT\r\n";

        var heard = await Say(server, "EHLO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nDATA\r\n", body);

        Assert.Contains(expected, heard, StringComparison.Ordinal);
        Assert.Equal(read, server.Messages.Count);
        Assert.Equal(behaviour, Assert.Single(server.Answers).Behaviour);
    }

    [Fact]
    public async Task A_message_without_its_terminator_does_not_count()
    {
        await using var server = new RecordingSmtpServer();

        await Say(server, "EHLO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nDATA\r\n", "Subject: s\r\n\r\nhalf a mess");

        Assert.Empty(server.Messages);
        Assert.Empty(server.Answers);
    }

    private static async Task<string> Say(RecordingSmtpServer server, string envelope, string rest)
    {
        using var client = new TcpClient("127.0.0.1", server.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(envelope + rest), TestContext.Current.CancellationToken);
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        try
        {
            return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return "354 and then cut off";
        }
    }
}
