// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tutti.Dst.Tests.Smtp.Destinations;

/// <summary>
/// A DNS server on a UDP port with a zone of lines: <c>name TTL MX preference host</c>, <c>name TTL A address</c>, <c>name TTL AAAA address</c>,
/// <c>name NXDOMAIN</c>, <c>name SERVFAIL</c>, <c>name SILENT</c>, <c>name EMPTY</c>. A name that is in no line does not exist.
/// </summary>
internal sealed class ScriptedDns : IAsyncDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    private ScriptedDns(string zone)
    {
        Zone = zone;
        _serving = Task.Run(Serve);
    }

    /// <summary>For the setting Resolver.</summary>
    public string Address => $"127.0.0.1:{((IPEndPoint)_socket.Client.LocalEndPoint!).Port}";

    /// <summary>May be changed at any time.</summary>
    public string Zone { get; set; }

    /// <summary>How often it was asked.</summary>
    public int Questions { get; private set; }

    public static ScriptedDns With(string zone) => new(zone);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving.ContinueWith(_ => { }, TaskScheduler.Default);
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task Serve()
    {
        while (true)
        {
            var question = await _socket.ReceiveAsync(_end.Token);
            Questions++;
            if (Answer(question.Buffer) is { } answer)
            {
                await _socket.SendAsync(answer, question.RemoteEndPoint, _end.Token);
            }
        }
    }

    private byte[]? Answer(byte[] question)
    {
        var at = 12;
        var name = new StringBuilder();
        while (question[at] != 0)
        {
            name.Append(Encoding.ASCII.GetString(question, at + 1, question[at])).Append('.');
            at += question[at] + 1;
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(at + 1));
        var lines = Zone.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Where(words => string.Equals(words[0] + ".", name.ToString(), StringComparison.OrdinalIgnoreCase))
            .ToList();
        var records = lines.Where(words => words.Length > 2 && TypeOf(words[2]) == type).Select(Record).ToList();
        var code = lines.Count == 0 || lines[0][1] == "NXDOMAIN" ? 3 : lines[0][1] == "SERVFAIL" ? 2 : 0;
        if (lines.Count > 0 && lines[0][1] == "SILENT")
        {
            return null;
        }

        byte[] header = [question[0], question[1], 0x81, (byte)(0x80 | code), 0, 1, 0, (byte)records.Count, 0, 0, 0, 0];
        return [.. header, .. question.AsSpan(12, at + 5 - 12), .. records.SelectMany(record => record)];
    }

    private static int TypeOf(string word) => word switch { "A" => 1, "MX" => 15, "AAAA" => 28, _ => 0 };

    private static byte[] Record(string[] words)
    {
        var data = words[2] == "MX"
            ? [.. BigEndian(ushort.Parse(words[3], CultureInfo.InvariantCulture)), .. Name(words[4])]
            : IPAddress.Parse(words[3]).GetAddressBytes();
        var life = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(life, int.Parse(words[1], CultureInfo.InvariantCulture));

        // 0xC00C: the name is the one of the question.
        return [0xC0, 0x0C, .. BigEndian((ushort)TypeOf(words[2])), 0, 1, .. life, .. BigEndian((ushort)data.Length), .. data];
    }

    private static byte[] BigEndian(ushort value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Name(string name) =>
        [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];
}
