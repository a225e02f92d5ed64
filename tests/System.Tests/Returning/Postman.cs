// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;

namespace Tutti.System.Tests.Returning;

/// <summary>A mail server that brings something back: speaks SMTP by hand, and says what it was answered.</summary>
public static class Postman
{
    /// <summary>Brings a message.</summary>
    /// <param name="port">Of this machine.</param>
    /// <param name="from">Envelope sender; empty for the null reverse-path.</param>
    /// <param name="to">Envelope recipient.</param>
    /// <param name="message">With any line ends; no line may begin with a dot.</param>
    /// <returns>The last answer.</returns>
    public static async Task<string> Bring(int port, string from, string to, string message)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        var answer = await Answer(reader);
        string[] commands = ["EHLO mx.elsewhere.example", $"MAIL FROM:<{from}>", $"RCPT TO:<{to}>", "DATA", message.ReplaceLineEndings("\r\n").TrimEnd() + "\r\n."];
        foreach (var command in commands)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), TestContext.Current.CancellationToken);
            answer = await Answer(reader);
            if (answer[0] is '4' or '5')
            {
                break;
            }
        }

        return answer;
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
