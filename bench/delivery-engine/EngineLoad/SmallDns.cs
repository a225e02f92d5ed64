// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tutti.EngineLoad;

/// <summary>
/// A DNS with domains d0.example, d1.example and so on, each with a mail host of its own operator at 127.0.0.1; that of d0 may be at
/// 127.0.0.9, where nobody is.
/// </summary>
internal sealed class SmallDns(int port, int domains, bool isFirstDead)
{
    private const int Address = 1;
    private const int MailExchanger = 15;

    public async Task Run()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));
        while (true)
        {
            var question = await socket.ReceiveAsync();
            await socket.SendAsync(Answer(question.Buffer), question.RemoteEndPoint);
        }
    }

    private byte[] Answer(byte[] question)
    {
        var (name, end) = (new StringBuilder(), 12);
        while (question[end] > 0)
        {
            name.Append(Encoding.ASCII.GetString(question, end + 1, question[end])).Append('.');
            end += question[end] + 1;
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(end + 1));
        var data = Data(name.ToString().ToLowerInvariant(), type);
        var answer = new List<byte>(question[..(end + 5)]);

        // A reply with authority; one answer or none; nothing else behind the question.
        (answer[2], answer[3], answer[7]) = (0x85, 0x80, (byte)(data is null ? 0 : 1));
        (answer[8], answer[9], answer[10], answer[11]) = (0, 0, 0, 0);
        if (data is not null)
        {
            answer.AddRange([0xC0, 12, 0, (byte)type, 0, 1, 0, 0, 14, 16, (byte)(data.Length >> 8), (byte)data.Length, .. data]);
        }

        return [.. answer];
    }

    private byte[]? Data(string name, int type)
    {
        var isHost = name.StartsWith("mx.d", StringComparison.Ordinal);
        var domain = isHost ? name[3..] : name;
        if (!int.TryParse(domain.Split('.')[0].AsSpan(1), out var number) || number >= domains)
        {
            return null;
        }

        return (isHost, type) switch
        {
            (true, Address) => [127, 0, 0, (byte)(number == 0 && isFirstDead ? 9 : 1)],
            (false, MailExchanger) => [0, 10, 2, (byte)'m', (byte)'x', 0xC0, 12],
            _ => null,
        };
    }
}
