// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Tutti.System.Tests.Receiving;

/// <summary>One connection to the recording server, RFC 5321 with PIPELINING.</summary>
internal sealed class SmtpConversation(RecordingSmtpServer server, Stream stream, int number)
{
    private readonly PipeReader _reader = PipeReader.Create(stream);
    private readonly ArrayBufferWriter<byte> _replies = new();
    private string? _sender;
    private string? _recipient;
    private Behaviour _behaviour;

    public async Task Run(CancellationToken cancellationToken)
    {
        await server.At(Moment.Connected, "");
        Say("220 mx.example ESMTP");
        await Flush(cancellationToken);
        while (await ReadLine(cancellationToken) is { } line)
        {
            var verb = line.Split([' ', ':'], 2)[0].ToUpperInvariant();
            switch (verb)
            {
                case "EHLO":
                    Say("250-mx.example");
                    Say("250-PIPELINING");
                    Say("250-8BITMIME");
                    Say("250 SIZE 10485760");
                    break;
                case "HELO" or "NOOP":
                    Say("250 mx.example");
                    break;
                case "MAIL":
                    _sender = Path(line);
                    _recipient = null;
                    Say("250 2.1.0 Sender noted");
                    break;
                case "RCPT":
                    await server.At(Moment.Named, Path(line));
                    Rcpt(Path(line));
                    break;
                case "DATA" when _recipient is null:
                    Say("503 5.5.1 No recipient");
                    break;
                case "DATA":
                    if (!await Data(cancellationToken))
                    {
                        return;
                    }

                    break;
                case "RSET":
                    _recipient = null;
                    Say("250 2.0.0 Forgotten");
                    break;
                case "QUIT":
                    Say("221 2.0.0 Bye");
                    await Flush(cancellationToken);
                    return;
                default:
                    Say("502 5.5.2 Unknown here");
                    break;
            }
        }
    }

    private static string Path(string line)
    {
        var from = line.IndexOf('<', StringComparison.Ordinal) + 1;
        return line[from..line.IndexOf('>', from)];
    }

    private void Rcpt(string recipient)
    {
        _behaviour = server.Decide(recipient);
        switch (_behaviour)
        {
            case Behaviour.RefuseAddress:
                Answer(recipient, "550 5.1.1 No such mailbox");
                break;
            case Behaviour.DeferAddress:
                Answer(recipient, "451 4.2.1 Mailbox busy, come back");
                break;
            default:
                _recipient = recipient;
                Say("250 2.1.5 Recipient known");
                break;
        }
    }

    private async Task<bool> Data(CancellationToken cancellationToken)
    {
        Say("354 Go on");
        await Flush(cancellationToken);
        var message = new ArrayBufferWriter<byte>(16 * 1024);
        var isBegun = false;
        while (true)
        {
            var result = await _reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            var done = false;
            while (!done && TryTakeLine(ref buffer, out var line))
            {
                if (_behaviour == Behaviour.DropBeforeTerminator && message.WrittenCount > 200)
                {
                    server.Note(_recipient!, _behaviour, "");
                    return false;
                }

                done = line.Length == 1 && line.FirstSpan[0] == (byte)'.';
                if (!done)
                {
                    // RFC 5321 section 4.5.2: a leading dot was doubled.
                    var text = line.Length > 0 && line.FirstSpan[0] == (byte)'.' ? line.Slice(1) : line;
                    message.Write(text.ToArray());
                    message.Write("\r\n"u8);
                }
            }

            _reader.AdvanceTo(buffer.Start, done ? buffer.Start : buffer.End);
            if (done)
            {
                return await End(message.WrittenSpan.ToArray(), cancellationToken);
            }

            if (!isBegun)
            {
                isBegun = true;
                await server.At(Moment.Writing, _recipient!);
            }

            if (result.IsCompleted)
            {
                // The sender died before the terminator: there is no message.
                return false;
            }
        }
    }

    private async Task<bool> End(byte[] message, CancellationToken cancellationToken)
    {
        var recipient = _recipient!;
        var goesOn = End(message);
        await server.At(Moment.Ended, recipient);
        if (goesOn)
        {
            await Flush(cancellationToken);
            await server.At(Moment.Answered, recipient);
        }

        return goesOn;
    }

    private bool End(byte[] message)
    {
        server.Keep(number, _sender ?? "", _recipient!, message, _behaviour);
        switch (_behaviour)
        {
            case Behaviour.DropAfterTerminator:
                server.Note(_recipient!, _behaviour, "");
                return false;
            case Behaviour.RefuseMessage:
                Answer(_recipient!, "554 5.7.1 Not wanted here");
                break;
            case Behaviour.DeferMessage:
                Answer(_recipient!, "451 4.3.0 Try again later");
                break;
            default:
                Answer(_recipient!, "250 2.0.0 Kept");
                break;
        }

        _recipient = null;
        return true;
    }

    private void Answer(string recipient, string reply)
    {
        server.Note(recipient, _behaviour, reply);
        Say(reply);
    }

    private void Say(string reply)
    {
        _replies.Write(Encoding.ASCII.GetBytes(reply));
        _replies.Write("\r\n"u8);
    }

    private async Task Flush(CancellationToken cancellationToken)
    {
        if (_replies.WrittenCount > 0)
        {
            await stream.WriteAsync(_replies.WrittenMemory, cancellationToken);
            _replies.ResetWrittenCount();
        }
    }

    private async Task<string?> ReadLine(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_reader.TryRead(out var result) is false)
            {
                // Nothing more has come: whoever pipelined wants the answers now.
                await Flush(cancellationToken);
                result = await _reader.ReadAsync(cancellationToken);
            }

            var buffer = result.Buffer;
            if (TryTakeLine(ref buffer, out var line))
            {
                var text = Encoding.UTF8.GetString(line);
                _reader.AdvanceTo(buffer.Start);
                return text;
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return null;
            }
        }
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadTo(out line, "\r\n"u8))
        {
            return false;
        }

        buffer = buffer.Slice(reader.Position);
        return true;
    }
}
