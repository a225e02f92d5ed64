// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Tutti.Dst.Smtp;

namespace Tutti.Dst.Inbound;

/// <summary>One client's conversation with a receiver.</summary>
internal sealed class ReceiverSession(
    Socket socket, string name, Mailbox mailbox, ReceiverLimits limits, TimeProvider clock, Func<SslStreamCertificateContext>? certificate = null) : IDisposable
{
    private readonly MessageCollector _message = new(limits.MessageSize);
    private readonly List<string> _recipients = [];
    private readonly byte[] _input = new byte[64 * 1024];
    private readonly StringBuilder _output = new();
    private int _start;
    private int _end;
    private bool _collecting;
    private bool _overlong;
    private string? _sender;
    private int _mistakes;
    private SslStream? _secured;
    private bool _securing;
    private bool _open = true;

    /// <summary>Talks until the client leaves, is silent for too long, or is sent away.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        await using var silence = clock.CreateTimer(static socket => ((Socket)socket!).Dispose(), socket, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (await mailbox.Greet(cancellationToken) is { } no)
        {
            Say(no);
            _open = false;
        }
        else
        {
            Say($"220 {name} ESMTP Tutti");
        }

        while (_open)
        {
            // Replies to a group of commands leave together (RFC 2920 §3.2).
            await Flush(cancellationToken);
            if (_start == _end)
            {
                (_start, _end) = (0, 0);
            }
            else if (_end == _input.Length)
            {
                _input.AsSpan(_start, _end - _start).CopyTo(_input);
                (_start, _end) = (0, _end - _start);
            }

            silence.Change(limits.Silence, Timeout.InfiniteTimeSpan);
            var count = await Receive(_input.AsMemory(_end), cancellationToken);
            silence.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (count == 0)
            {
                return;
            }

            _end += count;
            while (_open && !_securing && _start < _end && await Step(cancellationToken))
            {
            }

            if (_securing)
            {
                await Secure(silence, cancellationToken);
            }
        }

        await Flush(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _message.Dispose();
        _secured?.Dispose();
        socket.Dispose();
    }

    private ValueTask<int> Receive(Memory<byte> into, CancellationToken cancellationToken) =>
        _secured is { } secured ? secured.ReadAsync(into, cancellationToken) : socket.ReceiveAsync(into, cancellationToken);

    /// <summary>RFC 3207: the client starts over, and nothing that it said in the clear counts.</summary>
    private async Task Secure(ITimer silence, CancellationToken cancellationToken)
    {
        _securing = false;
        if (_start < _end)
        {
            // Commands behind STARTTLS in the clear may have been put in by somebody between us.
            _output.Clear();
            Say("503 5.5.1 Wait for the answer to STARTTLS.");
            _open = false;
            return;
        }

        await Flush(cancellationToken);
        (_start, _end) = (0, 0);
        silence.Change(limits.Silence, Timeout.InfiniteTimeSpan);
        _secured = new SslStream(new NetworkStream(socket, ownsSocket: false));
        await _secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = certificate!() }, cancellationToken);
        silence.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Reset();
    }

    private async ValueTask<bool> Step(CancellationToken cancellationToken)
    {
        if (_collecting)
        {
            var complete = _message.Take(_input.AsSpan(_start, _end - _start), out var used);
            _start += used;
            if (complete)
            {
                await EndMessage(cancellationToken);
            }

            return complete;
        }

        return ReadLine();
    }

    private bool ReadLine()
    {
        var input = _input.AsSpan(_start, _end - _start);
        var end = input.IndexOf((byte)'\n');
        if (end < 0)
        {
            // What cannot become a command any more need not be kept.
            if (input.Length >= limits.CommandLine)
            {
                _overlong = true;
                _start = _end;
            }

            return false;
        }

        var line = input[..(end + 1)];
        _start += line.Length;
        if (_overlong || line.Length > limits.CommandLine)
        {
            _overlong = false;
            Complain("500 5.5.2 The line is too long.");
        }
        else if (line is not [.., (byte)'\r', (byte)'\n'] || line[..^2].ContainsAny((byte)'\r', (byte)0))
        {
            Complain("500 5.5.2 Lines end with CRLF and hold neither CR nor NUL.");
        }
        else
        {
            Answer(Encoding.UTF8.GetString(line[..^2]));
        }

        return true;
    }

    private void Answer(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var argument = space < 0 ? "" : line[(space + 1)..].Trim();
        switch ((space < 0 ? line : line[..space]).ToUpperInvariant())
        {
            case "EHLO" when argument.Length > 0:
                Reset();
                Say($"250-{name}\r\n250-PIPELINING\r\n250-SIZE {limits.MessageSize}\r\n250-8BITMIME\r\n250-SMTPUTF8{(CanSecure ? "\r\n250-STARTTLS" : "")}\r\n250 ENHANCEDSTATUSCODES");
                break;
            case "HELO" when argument.Length > 0:
                Reset();
                Say($"250 {name}");
                break;
            case "STARTTLS" when CanSecure && argument.Length == 0:
                Say("220 2.0.0 Go on");
                _securing = true;
                break;
            case "MAIL":
                AnswerMail(argument);
                break;
            case "RCPT":
                AnswerRecipient(argument);
                break;
            case "DATA":
                AnswerData();
                break;
            case "RSET":
                Reset();
                Say("250 2.0.0 Ok");
                break;
            case "NOOP":
                Say("250 2.0.0 Ok");
                break;
            case "VRFY":
                Say("252 2.5.1 Send some mail and see.");
                break;
            case "QUIT":
                Say("221 2.0.0 Bye");
                _open = false;
                break;
            case "EHLO" or "HELO":
                Complain("501 5.5.4 Who are you?");
                break;
            default:
                Complain("500 5.5.1 Unknown command.");
                break;
        }
    }

    private void AnswerMail(string argument)
    {
        if (_sender is not null)
        {
            Complain("503 5.5.1 One sender at a time.");
        }
        else if (!PathArgument.TryRead(argument, "FROM:", out var path) || (path.Address.Length > 0 && !EnvelopeAddress.IsSound(path.Address)))
        {
            Complain("501 5.1.7 This is no sender.");
        }
        else if (path.Size > limits.MessageSize)
        {
            Say($"552 5.3.4 A message may have {limits.MessageSize} bytes.");
        }
        else
        {
            _sender = path.Address;
            Say("250 2.1.0 Ok");
        }
    }

    private void AnswerRecipient(string argument)
    {
        if (_sender is null)
        {
            Complain("503 5.5.1 MAIL first.");
        }
        else if (!PathArgument.TryRead(argument, "TO:", out var path) || !EnvelopeAddress.IsSound(path.Address))
        {
            Complain("501 5.1.3 This is no recipient.");
        }
        else if (_recipients.Count >= limits.Recipients)
        {
            Say("452 4.5.3 Too many recipients.");
        }
        else
        {
            var answer = mailbox.AnswerTo(path.Address);
            if (answer is ['2', ..])
            {
                _recipients.Add(path.Address);
            }

            Say(answer);

            // RFC 5321 §3.8: after a 421 the server closes.
            _open = !answer.StartsWith("421", StringComparison.Ordinal);
        }
    }

    private void AnswerData()
    {
        if (_sender is null || _recipients.Count == 0)
        {
            Complain(_sender is null ? "503 5.5.1 MAIL first." : "554 5.5.1 There is no valid recipient.");
            return;
        }

        if (mailbox.CutsOff())
        {
            _open = false;
            return;
        }

        _message.Clear();
        _collecting = true;
        Say("354 Go on; end with a dot on a line of its own.");
    }

    private async ValueTask EndMessage(CancellationToken cancellationToken)
    {
        _collecting = false;
        var answer = _message switch
        {
            { IsTooLarge: true } => $"552 5.3.4 A message may have {limits.MessageSize} bytes.",
            { HasBareLineEnds: true } => "554 5.6.0 The message has line ends that are not CRLF.",
            _ => await mailbox.Keep(new ReceivedMail(_sender!, [.. _recipients], _message.Message), cancellationToken),
        };
        Reset();
        _mistakes = 0;
        if (answer is null)
        {
            _open = false;
        }
        else
        {
            Say(answer);
        }
    }

    private bool CanSecure => certificate is not null && _secured is null;

    private void Reset()
    {
        _sender = null;
        _recipients.Clear();
    }

    private void Complain(string reply)
    {
        Say(reply);
        if (++_mistakes >= limits.Mistakes)
        {
            Say("421 4.7.0 That is enough.");
            _open = false;
        }
    }

    private void Say(string reply) => _output.Append(reply).Append("\r\n");

    private async ValueTask Flush(CancellationToken cancellationToken)
    {
        if (_output.Length == 0)
        {
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(_output.ToString());
        _output.Clear();
        for (var sent = 0; sent < bytes.Length;)
        {
            if (_secured is { } secured)
            {
                await secured.WriteAsync(bytes, cancellationToken);
                return;
            }

            sent += await socket.SendAsync(bytes.AsMemory(sent), cancellationToken);
        }
    }
}
