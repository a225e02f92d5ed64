// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Tutti.Dst.Tests.Faults;

/// <summary>One connection to a <see cref="FaultyReceiver"/>.</summary>
internal sealed class FaultyConversation(FaultyReceiver receiver, Socket socket) : IAsyncDisposable
{
    private readonly byte[] _one = new byte[1];
    private readonly byte[] _input = new byte[16 * 1024];
    private int _start;
    private int _length;
    private Stream _stream = new NetworkStream(socket);
    private bool _encrypted;
    private bool _hasSender;
    private string? _recipient;
    private StringBuilder? _chunks;

    public async Task Run(CancellationToken stop)
    {
        if (!await Reply("banner", "220 mx.example ESMTP", stop))
        {
            return;
        }

        while (await Line(stop) is { } line)
        {
            var goesOn = line.Split([' ', ':'], 2)[0].ToUpperInvariant() switch
            {
                "EHLO" => await Reply("ehlo", Hello(), stop),
                "STARTTLS" => await Encrypt(stop),
                "MAIL" => await Sender(stop),
                "RCPT" => await Recipient(line, stop),
                "DATA" => await Data(stop),
                "BDAT" => await Chunk(line, stop),
                "RSET" => Forget() && await Reply("rset", "250 2.0.0 Ok", stop),
                "QUIT" => await Reply("quit", "221 2.0.0 Bye", stop) && false,
                _ => await Reply("unknown", "502 5.5.2 What?", stop),
            };
            if (!goesOn)
            {
                return;
            }
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private string Hello()
    {
        string?[] offers =
        [
            "mx.example", receiver.Offer.Pipelining ? "PIPELINING" : null, receiver.Offer.EightBit ? "8BITMIME" : null, receiver.Offer.Chunking ? "CHUNKING" : null,
            receiver.Certificate is not null && !_encrypted ? "STARTTLS" : null,
        ];
        var lines = offers.OfType<string>().ToList();
        return string.Join("\r\n", lines.Select((words, index) => $"250{(index < lines.Count - 1 ? '-' : ' ')}{words}"));
    }

    private bool Forget()
    {
        (_hasSender, _recipient) = (false, null);
        return true;
    }

    private Task<bool> Sender(CancellationToken stop)
    {
        (_hasSender, _recipient) = (true, null);
        return Reply("mail", "250 2.1.0 Ok", stop);
    }

    private Task<bool> Recipient(string line, CancellationToken stop)
    {
        if (!_hasSender)
        {
            return Reply("order", "503 5.5.1 MAIL first", stop);
        }

        var from = line.IndexOf('<', StringComparison.Ordinal) + 1;
        _recipient = line[from..line.IndexOf('@', from)];
        return Reply("rcpt", "250 2.1.5 Ok", stop);
    }

    private async Task<bool> Data(CancellationToken stop)
    {
        if (_recipient is null)
        {
            return await Reply("order", "503 5.5.1 RCPT first", stop);
        }

        if (receiver.Take("data", _recipient) is not { } fault)
        {
            await Say("354 Go on\r\n", stop);
        }
        else if (!await Act(fault, "354 Go on", stop) || fault.Does != "crawl")
        {
            return !fault.Does.StartsWith("421", StringComparison.Ordinal) && char.IsDigit(fault.Does[0]);
        }

        if (receiver.Take("body", _recipient) is { } half)
        {
            await Next(stop);
            return await Act(half, "", stop);
        }

        var message = new StringBuilder();
        while (await Line(stop) is { } line)
        {
            if (line == ".")
            {
                return await End(message.Length, stop);
            }

            message.Append(line).Append('\n');
        }

        return false;
    }

    private async Task<bool> Chunk(string line, CancellationToken stop)
    {
        var words = line.Split(' ');
        if (receiver.Take("body", _recipient) is { } half)
        {
            return await Act(half, "", stop);
        }

        var chunk = new StringBuilder();
        for (var left = int.Parse(words[1], null); left > 0 && await Next(stop) is { } next; left--)
        {
            chunk.Append(next);
        }

        if (_recipient is null)
        {
            return await Reply("order", "503 5.5.1 RCPT first", stop);
        }

        _chunks = (_chunks ?? new StringBuilder()).Append(chunk);
        if (words.Length < 3)
        {
            return await Reply("chunk", "250 2.0.0 Got it", stop);
        }

        var length = _chunks.Length;
        _chunks = null;
        return await End(length, stop);
    }

    /// <summary>The whole message is here.</summary>
    private async Task<bool> End(int length, CancellationToken stop)
    {
        Assert.True(length > 0);
        var recipient = _recipient!;
        var fault = receiver.Take("dot", recipient);
        _recipient = null;
        if (fault is null || (fault.Keeps && (!char.IsDigit(fault.Does[0]) || fault.Does[0] == '2')))
        {
            receiver.Keep(recipient, _encrypted);
        }

        if (fault is not null)
        {
            return await Act(fault, "250 2.0.0 Taken", stop);
        }

        await Say("250 2.0.0 Taken\r\n", stop);
        return receiver.Take("answer", recipient) is not { } late || await Act(late, "", stop);
    }

    private async Task<bool> Encrypt(CancellationToken stop)
    {
        if (receiver.Take("starttls", null) is { } fault)
        {
            return await Act(fault, "220 Go ahead", stop);
        }

        await Say("220 Go ahead\r\n", stop);
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = receiver.Certificate }, stop);
        (_stream, _encrypted) = (tls, true);
        return true;
    }

    private async Task<bool> Reply(string at, string usual, CancellationToken stop)
    {
        if (receiver.Take(at, _recipient) is { } fault)
        {
            return await Act(fault, usual, stop);
        }

        await Say(usual + "\r\n", stop);
        return true;
    }

    /// <returns>False if the conversation is over.</returns>
    private async Task<bool> Act(Fault fault, string usual, CancellationToken stop)
    {
        switch (fault.Does)
        {
            case "drop":
                return false;
            case "reset":
                socket.LingerState = new LingerOption(true, 0);
                return false;
            case "hang":
                receiver.Stick();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
                return false;
            case "wait":
                receiver.Stick();
                await receiver.Released.WaitAsync(stop);
                await Say(usual + "\r\n", stop);
                return true;
            case "crawl" when fault.At == "body":
                receiver.Stick();
                while (await _stream.ReadAsync(_one, stop) > 0)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, stop);
                }

                return false;
            case "crawl":
                foreach (var character in usual + "\r\n")
                {
                    await Say(character.ToString(), stop);
                    receiver.OnSlowByte();
                }

                return true;
            case "garbage":
                await Say("220 Go ahead\r\nThis is no TLS at all, not even nearly.\r\n", stop);
                return false;
            default:
                await Say(fault.Does + "\r\n", stop);
                _hasSender &= fault.At != "mail";
                _recipient = fault.At == "rcpt" ? null : _recipient;
                return !fault.Does.StartsWith("421", StringComparison.Ordinal);
        }
    }

    private ValueTask Say(string words, CancellationToken stop) => _stream.WriteAsync(Encoding.Latin1.GetBytes(words), stop);

    private async Task<string?> Line(CancellationToken stop)
    {
        var line = new StringBuilder();
        while (await Next(stop) is { } next)
        {
            if (next == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(next);
        }

        return null;
    }

    private async ValueTask<char?> Next(CancellationToken stop)
    {
        if (_start == _length)
        {
            (_start, _length) = (0, await _stream.ReadAsync(_input, stop));
        }

        return _length == 0 ? null : (char)_input[_start++];
    }
}
