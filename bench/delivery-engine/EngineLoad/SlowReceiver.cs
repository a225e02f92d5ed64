// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tutti.EngineLoad;

/// <summary>A mail server that takes everything and answers each message after a while.</summary>
internal sealed class SlowReceiver(int port, TimeSpan wait)
{
    private static readonly byte[] _end = "\r\n.\r\n"u8.ToArray();

    public async Task Run()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start(1024);
        while (true)
        {
            _ = Serve(await listener.AcceptSocketAsync());
        }
    }

    private async Task Serve(Socket socket)
    {
        socket.NoDelay = true;
        var buffer = new byte[64 * 1024];
        var (filled, inMessage) = (0, false);
        try
        {
            await socket.SendAsync("220 slow.example ESMTP\r\n"u8.ToArray());
            while (await socket.ReceiveAsync(buffer.AsMemory(filled)) is > 0 and var read)
            {
                filled += read;
                var (used, replies, isDone) = (0, new StringBuilder(), false);
                while (!isDone)
                {
                    var rest = buffer.AsMemory(used, filled - used);
                    if (inMessage)
                    {
                        var at = rest.Span.IndexOf(_end);
                        if (at < 0)
                        {
                            // Only what may be the beginning of the end is needed further.
                            used = Math.Max(used, filled - _end.Length + 1);
                            break;
                        }

                        (used, inMessage) = (used + at + _end.Length, false);
                        await Task.Delay(wait, TimeProvider.System);
                        replies.Append("250 2.0.0 Taken\r\n");
                        continue;
                    }

                    var line = rest.Span.IndexOf((byte)'\n');
                    if (line < 0)
                    {
                        break;
                    }

                    var verb = Encoding.ASCII.GetString(rest.Span[..Math.Min(4, line)]).ToUpperInvariant();
                    inMessage = verb == "DATA";
                    isDone = verb == "QUIT";
                    used += line + 1;
                    replies.Append(verb switch
                    {
                        "EHLO" => "250-slow.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
                        "DATA" => "354 Go on\r\n",
                        "QUIT" => "221 Bye\r\n",
                        _ => "250 2.0.0 Ok\r\n",
                    });
                }

                buffer.AsSpan(used, filled - used).CopyTo(buffer);
                filled -= used;
                if (replies.Length > 0)
                {
                    await socket.SendAsync(Encoding.ASCII.GetBytes(replies.ToString()));
                }

                if (isDone)
                {
                    return;
                }
            }
        }
        catch (SocketException)
        {
            // The sender has left.
        }
        finally
        {
            socket.Dispose();
        }
    }
}
