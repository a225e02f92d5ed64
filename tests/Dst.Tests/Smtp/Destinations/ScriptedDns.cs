// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tutti.Dst.Tests.Smtp.Destinations;

/// <summary>
/// A DNS server on a port of its own, UDP and TCP, with a zone of lines: <c>name TTL MX preference host</c>, <c>name TTL A address</c>, <c>name TTL AAAA address</c>,
/// <c>name TTL CNAME target</c> (followed, as a resolver does; with <c>LINK</c> instead the target is left to the client), <c>name TTL TXT text with blanks</c>,
/// <c>name TTL TLSA usage selector matching hex</c>, <c>name NXDOMAIN</c>, <c>name SERVFAIL</c>, <c>name SILENT</c>, <c>name EMPTY</c>, <c>name LONG</c> (does not fit into UDP).
/// A name that is in no line does not exist. A TTL or EMPTY with an exclamation mark is validated: who asks for DNSSEC sees the AD bit.
/// </summary>
internal sealed class ScriptedDns : IAsyncDisposable
{
    private readonly UdpClient _socket;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    private ScriptedDns(string zone)
    {
        Zone = zone;
        while (true)
        {
            _socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            _listener = new TcpListener((IPEndPoint)_socket.Client.LocalEndPoint!);
            try
            {
                _listener.Start();
                break;
            }
            catch (SocketException)
            {
                _socket.Dispose();
            }
        }

        _serving = Task.WhenAll(Task.Run(Serve), Task.Run(ServeTcp));
    }

    /// <summary>For the setting Resolver.</summary>
    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>May be changed at any time.</summary>
    public string Zone { get; set; }

    /// <summary>How often it was asked.</summary>
    public int Questions => Asked.Count;

    /// <summary>What it was asked, "name type", types as numbers.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public static ScriptedDns With(string zone) => new(zone);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving.ContinueWith(_ => { }, TaskScheduler.Default);
        _socket.Dispose();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task Serve()
    {
        while (true)
        {
            var question = await _socket.ReceiveAsync(_end.Token);
            if (Answer(question.Buffer, isUdp: true) is { } answer)
            {
                await _socket.SendAsync(answer, question.RemoteEndPoint, _end.Token);
            }
        }
    }

    private async Task ServeTcp()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_end.Token);
            var stream = client.GetStream();
            var length = new byte[2];
            while (await stream.ReadAtLeastAsync(length, 2, throwOnEndOfStream: false, _end.Token) == 2)
            {
                var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(question, _end.Token);
                var answer = Answer(question, isUdp: false) ?? [];
                await stream.WriteAsync((byte[])[.. BigEndian((ushort)answer.Length), .. answer], _end.Token);
            }
        }
    }

    private byte[]? Answer(byte[] question, bool isUdp)
    {
        var at = 12;
        var name = new StringBuilder();
        while (question[at] != 0)
        {
            name.Append(Encoding.ASCII.GetString(question, at + 1, question[at])).Append('.');
            at += question[at] + 1;
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(at + 1));
        Asked.Enqueue($"{name.ToString().TrimEnd('.')} {type}");
        var zone = Zone.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToList();
        var (records, lines) = Follow(zone, name.ToString().TrimEnd('.'), type);
        var word = lines.Count > 0 ? lines[0][1].TrimEnd('!') : "NXDOMAIN";
        if (word == "SILENT")
        {
            return null;
        }

        var code = word switch { "NXDOMAIN" => 3, "SERVFAIL" => 2, _ => 0 };
        var isCut = isUdp && word == "LONG";
        var wantsDnssec = question.Length > at + 5 && (question[at + 5 + 7] & 0x80) != 0;
        var isValidated = wantsDnssec && records.Concat(lines).All(line => line[1].EndsWith('!'));
        var answers = isCut ? [] : records.Select(Record).ToList();
        byte[] header =
        [
            question[0], question[1], (byte)(isCut ? 0x83 : 0x81), (byte)(0x80 | code | (isValidated ? 0x20 : 0)), 0, 1, 0, (byte)answers.Count, 0, 0, 0, 0,
        ];
        return [.. header, .. question.AsSpan(12, at + 5 - 12), .. answers.SelectMany(record => record)];
    }

    /// <summary>The records of the answer, and all lines of the name where the aliases end.</summary>
    private static (List<string[]> Records, List<string[]> Lines) Follow(List<string[]> zone, string name, int type)
    {
        var records = new List<string[]>();
        while (true)
        {
            var lines = zone.Where(words => string.Equals(words[0], name, StringComparison.OrdinalIgnoreCase)).ToList();
            if (lines.Find(words => words.Length > 2 && words[2] is "CNAME" or "LINK") is not { } alias || type == 5)
            {
                records.AddRange(lines.Where(words => words.Length > 2 && TypeOf(words[2]) == type));
                return (records, lines);
            }

            var goesRound = records.Contains(alias);
            records.Add(alias);
            if (goesRound || alias[2] == "LINK")
            {
                return (records, lines);
            }

            name = alias[3];
        }
    }

    private static int TypeOf(string word) => word switch { "A" => 1, "CNAME" or "LINK" => 5, "MX" => 15, "TXT" => 16, "AAAA" => 28, "TLSA" => 52, _ => 0 };

    private static byte[] Record(string[] words)
    {
        var data = words[2] switch
        {
            "MX" => (byte[])[.. BigEndian(ushort.Parse(words[3], CultureInfo.InvariantCulture)), .. Name(words[4])],
            "CNAME" or "LINK" => Name(words[3]),
            "TXT" => [.. string.Join(' ', words[3..]).Chunk(20).SelectMany(part => (byte[])[(byte)part.Length, .. Encoding.ASCII.GetBytes(part)])],
            "TLSA" => [.. words[3..6].Select(word => byte.Parse(word, CultureInfo.InvariantCulture)), .. Convert.FromHexString(words[6])],
            _ => IPAddress.Parse(words[3]).GetAddressBytes(),
        };
        var life = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(life, int.Parse(words[1].TrimEnd('!'), CultureInfo.InvariantCulture));
        return [.. Name(words[0]), .. BigEndian((ushort)TypeOf(words[2])), 0, 1, .. life, .. BigEndian((ushort)data.Length), .. data];
    }

    private static byte[] BigEndian(ushort value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Name(string name) =>
        [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];
}
