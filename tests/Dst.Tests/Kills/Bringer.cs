// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;

namespace Tutti.Dst.Tests.Kills;

/// <summary>A mail server that brings returned mail by SMTP, and keeps what got no answer, as mail servers do.</summary>
internal static class Bringer
{
    /// <summary>Brings one message over a connection of its own.</summary>
    /// <returns>Whether it was taken; false if the receiver was not there, asked to come again, or went away before its answer.</returns>
    public static async Task<bool> Bring(int port, string to, string message)
    {
        try
        {
            using var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
            var answer = await Answer(reader);
            foreach (var command in (string[])["EHLO mx.elsewhere.example", "MAIL FROM:<>", $"RCPT TO:<{to}>", "DATA", message.ReplaceLineEndings("\r\n").TrimEnd() + "\r\n."])
            {
                if (answer[0] == '4')
                {
                    return false;
                }

                await stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), TestContext.Current.CancellationToken);
                answer = await Answer(reader);
            }

            Assert.StartsWith("250", answer, StringComparison.Ordinal);
            return true;
        }
        catch (Exception gone) when (gone is IOException or SocketException)
        {
            return false;
        }
    }

    private static async Task<string> Answer(StreamReader reader)
    {
        while (true)
        {
            var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new IOException("The receiver has hung up.");
            if (line.Length < 4 || line[3] != '-')
            {
                return line;
            }
        }
    }
}
