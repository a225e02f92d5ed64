// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tutti.Testing.Listserv;

/// <summary>
/// The TCPGUI port of a LISTSERV, as far as public documents and code show its bytes. It keeps lists, checks lengths and passwords, and misbehaves as a
/// test wants. Its sentences are our own: clients must not go by them.
/// </summary>
public sealed class ListservDouble : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _talks = [];
    private readonly Task _run;
    private bool _isOver;

    public ListservDouble()
    {
        _listener.Start();
        _run = Run();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whose password counts.</summary>
    public string Account { get; init; } = "tutti@example.com";

    public string Password { get; init; } = "SECRET";

    /// <summary>The lists with their subscribers: names by address.</summary>
    public ConcurrentDictionary<string, ConcurrentDictionary<string, string>> Lists { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Change logs by list.</summary>
    public ConcurrentDictionary<string, string> ChangeLogs { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Headers that were stored, by list.</summary>
    public ConcurrentDictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The commands that came, without their passwords.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>All bytes of each conversation, as they came.</summary>
    public ConcurrentQueue<byte[]> Heard { get; } = new();

    /// <summary>What was wrong with what came; a good client leaves it empty.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>The line before the command; null closes instead.</summary>
    public string? Greeting { get; set; } = "250 OK\r\n";

    /// <summary>Set: the bytes of the answer to a command, whatever it is; null closes without one.</summary>
    public Func<string, byte[]?>? Answer { get; set; }

    /// <summary>So many bytes of an answer at a time, each in a packet of its own.</summary>
    public int Piece { get; set; } = int.MaxValue;

    /// <summary>Waited for after the command came and ran, before its answer leaves.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    /// <summary>An answer with its code and length.</summary>
    public static byte[] Reply(string text, uint code = 0, uint? length = null)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reply = new byte[8 + bytes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(reply, code);
        BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(4), length ?? (uint)bytes.Length);
        bytes.CopyTo(reply, 8);
        return reply;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isOver, true))
        {
            return;
        }

        await _end.CancelAsync();
        _listener.Stop();
        await _run;
        await Task.WhenAll(_talks);
        _end.Dispose();
    }

    private async Task Run()
    {
        try
        {
            while (true)
            {
                _talks.Add(Talk(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Talk(TcpClient client)
    {
        using var leaving = client;
        var stream = client.GetStream();
        var heard = new List<byte>();
        try
        {
            var opening = await Read(stream, 7, heard);
            if (!opening.AsSpan(0, 4).SequenceEqual("1B\r\n"u8))
            {
                Faults.Enqueue("It did not begin with 1B CR LF.");
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(opening.AsSpan(4));
            var origin = Encoding.UTF8.GetString(await Read(stream, opening[6], heard));
            if (client.Available > 0)
            {
                Faults.Enqueue("The command came before it was asked for.");
            }

            if (Greeting is null)
            {
                return;
            }

            await stream.WriteAsync(Encoding.UTF8.GetBytes(Greeting), _end.Token);
            if (!Greeting.StartsWith("250", StringComparison.Ordinal))
            {
                return;
            }

            var command = Encoding.UTF8.GetString(await Read(stream, length - 1 - opening[6], heard));
            var answer = Run(origin, command);
            await Hold.WaitAsync(_end.Token);
            if (client.Available > 0)
            {
                Faults.Enqueue("Something stood behind the command.");
            }

            for (var at = 0; answer is not null && at < answer.Length; at += Math.Min(Piece, answer.Length - at))
            {
                await stream.WriteAsync(answer.AsMemory(at, Math.Min(Piece, answer.Length - at)), _end.Token);
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException)
        {
            // The client left, or the test is over.
        }
        finally
        {
            Heard.Enqueue([.. heard]);
        }
    }

    private byte[]? Run(string origin, string command)
    {
        var at = command.LastIndexOf(" PW=", StringComparison.Ordinal);
        if (at < 0)
        {
            Faults.Enqueue("A command had no password.");
            return Reply("A password is needed here.\r\n");
        }

        var plain = command[..at];
        Commands.Enqueue(plain);
        if (Answer is not null)
        {
            return Answer(plain);
        }

        // Like the original: a command that went wrong has the code 0 and a sentence.
        return plain == "THANKS" ? Reply("You're welcome!\r\n")
            : origin == Account && command[(at + 4)..] == Password ? Reply(Obey(plain.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            : Reply("That password does not go with that address.\r\n");
    }

    private string Obey(string[] words)
    {
        switch (words)
        {
            case ["SHOW", "VERSION"]:
                return "Double of a mail list server, 17.0\r\nruns in a test\r\n";
            case ["LISTS", "OWNED"]:
                return Lists.IsEmpty ? "You own no list here.\r\n" : string.Concat(Lists.Keys.Order().Select(name => $"{name,-12} A list of the double\r\n"));
            case ["QUERY", "***GUI***", var list, "FOR", var whom]:
                return Query(list, whom);
            case ["QUIET", "ADD", var list, var address, .. var name] when Lists.TryGetValue(list, out var subscribers):
                if (name.Length == 0 || (name.Length == 1 && name[0] != "*"))
                {
                    return "A full name is wanted.\r\n";
                }

                subscribers[address] = name[0] == "*" ? "" : string.Join(' ', name);
                return $"{address} is on the list {list} now.\r\n";
            case ["QUIET", "DELETE", var list, var address] when Lists.TryGetValue(list, out var subscribers):
                return subscribers.TryRemove(address, out _) ? $"{address} is off the list {list}.\r\n" : $"{address} was not on the list {list}.\r\n";
            case ["X-STL", var list, ..] when Lists.ContainsKey(list):
                Headers[list] = Cut(string.Join(' ', words[2..]));
                return $"The header of {list} is stored.\r\n";
            case ["GET", var list, "(MSG", "NOLOCK", "HDR"] when Headers.TryGetValue(list, out var header):
                return header;
            case ["GET", var list, "(MSG", "NOLOCK", "HDR"] when Lists.ContainsKey(list):
                return $"* A list of the double\r\n*\r\n* Owner= {Account}\r\n* Change-Log= Yes\r\n";
            case ["GET", var list, "CHANGELOG", "(MSG"] when ChangeLogs.TryGetValue(list, out var log):
                return log.Length == 0 ? "\r\n" : log;
            default:
                return "That is not known here.\r\n";
        }
    }

    /// <summary>Takes a header apart: for each line a count, an underscore, and so many characters.</summary>
    private string Cut(string data)
    {
        var text = new StringBuilder();
        while (data.Length > 0)
        {
            var at = data.IndexOf('_', StringComparison.Ordinal);
            if (at < 1 || !int.TryParse(data[..at], out var length) || at + 1 + length > data.Length)
            {
                Faults.Enqueue("The counts of a header do not fit.");
                break;
            }

            text.Append(data, at + 1, length).Append("\r\n");
            data = data[(at + 1 + length)..];
        }

        return text.ToString();
    }

    private string Query(string list, string whom)
    {
        var text = new StringBuilder();
        if (Lists.TryGetValue(list, out var subscribers))
        {
            foreach (var (address, name) in subscribers.Where(one => whom == "*" || one.Key == whom).OrderBy(one => one.Key, StringComparer.Ordinal))
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"***HDR*** {address}\r\n***NAME*** {name}\r\n***LIST*** {list}\r\n\r\n***OPT*** MAIL\r\nREPRO\r\n***SUBDATE*** 3 Mar 2019\r\n");
            }
        }

        return text.Length > 0 ? text.ToString() : "Nobody like that is on that list.\r\n";
    }

    private async Task<byte[]> Read(NetworkStream stream, int count, List<byte> heard)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, _end.Token);
        heard.AddRange(bytes);
        return bytes;
    }
}
