// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Layouts;

/// <summary>What tcpdump sees of the corridor on its way through the router between the hosts.</summary>
public sealed partial class Capture : IAsyncDisposable
{
    private const int FileHeader = 24;
    private const int PacketHeader = 16;
    private const int LinkHeader = 16;
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"tutti-{Environment.ProcessId}-{Ports.Serial()}.pcap");
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private Capture(string network, string what)
    {
        string[] arguments = ["netns", "exec", network, "tcpdump", "-i", "any", "-y", "LINUX_SLL", "-U", "-B", "16384", "-s", "0", "-Z", "root", "-w", _file, what];
        _process = new Process { StartInfo = new ProcessStartInfo("ip", arguments) { RedirectStandardError = true } };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_said)
            {
                _said.AppendLine(line.Data);
            }
        };
        _process.Start();
        _process.BeginErrorReadLine();
    }

    private string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <summary>Begins to listen, and waits until it does.</summary>
    public static async Task<Capture> Begin(string network, string what = "tcp port 1099 or tcp port 7000")
    {
        var capture = new Capture(network, what);
        await Waiting.Until(
            () => capture.Said.Contains("listening on", StringComparison.Ordinal) || capture._process.HasExited, TimeSpan.FromSeconds(30), () => $"tcpdump does not listen: {capture.Said}");
        Assert.False(capture._process.HasExited, capture.Said);
        return capture;
    }

    /// <summary>Stops listening and gives back every direction of every connection that was seen from its first packet on.</summary>
    public async Task<IReadOnlyList<Direction>> End()
    {
        await Stop();
        return await Seen();
    }

    /// <summary>What <see cref="End"/> would give back now, while it goes on listening: the kernel hands packets over up to a second after they passed.</summary>
    public async Task<IReadOnlyList<Direction>> Seen() => Read(await Bytes());

    /// <summary>Every byte of all packets, for a look for words.</summary>
    public async Task<byte[]> Bytes()
    {
        await using var file = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _process.Dispose();
        File.Delete(_file);
    }

    private async Task Stop()
    {
        if (!_process.HasExited)
        {
            using var signal = Process.Start("/bin/sh", ["-c", $"kill -TERM {_process.Id}"]);
            await signal.WaitForExitAsync(CancellationToken.None);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static List<Direction> Read(byte[] file)
    {
        Dictionary<string, Direction> directions = [];
        if (file.Length < FileHeader)
        {
            return [];
        }

        Assert.Equal(0xA1B2C3D4, BinaryPrimitives.ReadUInt32LittleEndian(file));
        for (var at = FileHeader; at + PacketHeader <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 8));
            if (at + PacketHeader + length > file.Length)
            {
                break;
            }

            Take(file.AsMemory(at + PacketHeader + LinkHeader, length - LinkHeader), directions);
            at += PacketHeader + length;
        }

        return [.. directions.Values];
    }

    private static void Take(ReadOnlyMemory<byte> packet, Dictionary<string, Direction> directions)
    {
        var ip = packet.Span;
        var header = (ip[0] & 0x0F) * 4;
        var total = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
        var tcp = ip[header..];
        var (source, target) = (BinaryPrimitives.ReadUInt16BigEndian(tcp), BinaryPrimitives.ReadUInt16BigEndian(tcp[2..]));
        var sequence = BinaryPrimitives.ReadUInt32BigEndian(tcp[4..]);
        var offset = (tcp[12] >> 4) * 4;
        var isFirst = (tcp[13] & 0x02) != 0;
        var name = $"{ip[12]}.{ip[13]}.{ip[14]}.{ip[15]}:{source} > {ip[16]}.{ip[17]}.{ip[18]}.{ip[19]}:{target}";
        if (isFirst)
        {
            // Each packet is seen twice: on its way in and on its way out.
            directions.TryAdd(name, new Direction(name, sequence + 1));
        }
        else if (directions.TryGetValue(name, out var direction))
        {
            direction.Add(sequence, packet[(header + offset)..total]);
        }
    }

    /// <summary>What one side of a connection said to the other.</summary>
    public sealed partial class Direction(string name, uint first)
    {
        private readonly SortedDictionary<uint, ReadOnlyMemory<byte>> _waiting = [];
        private readonly List<byte> _said = [];
        private uint _next = first;

        public string Name => name;

        /// <summary>All that was said, as far as nothing is missing.</summary>
        public ReadOnlySpan<byte> Said => CollectionsMarshal.AsSpan(_said);

        /// <summary>What is no TLS in it, in words; null if all of it is.</summary>
        public string? WhatIsNotTls()
        {
            for (var at = 0; at + 5 <= Said.Length;)
            {
                var record = Said[at..];
                var length = BinaryPrimitives.ReadUInt16BigEndian(record[3..]);
                if (record[0] is < 20 or > 23 || record[1] != 3 || record[2] > 4 || length > (1 << 14) + 256)
                {
                    return $"{name} at {at}: {Printable().Replace(Encoding.Latin1.GetString(record[..Math.Min(40, record.Length)]), ".")}";
                }

                at += 5 + length;
            }

            return null;
        }

        internal void Add(uint sequence, ReadOnlyMemory<byte> payload)
        {
            if (payload.Length == 0 || unchecked((int)(sequence - _next)) < 0)
            {
                return;
            }

            _waiting[sequence] = payload;
            while (_waiting.Remove(_next, out var following))
            {
                _said.AddRange(following.Span);
                _next += (uint)following.Length;
            }
        }

        [GeneratedRegex("[^ -~]")]
        private static partial Regex Printable();
    }
}
