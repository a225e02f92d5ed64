// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Text;
using Tutti.Dst.Smtp.Encryption;

namespace Tutti.Dst.Smtp;

/// <summary>
/// An open conversation with one receiver that carries many messages, one after the other; one caller at a time. Each message takes two steps:
/// <see cref="Prepare"/> writes all but its terminator, <see cref="Complete"/> writes that and waits for the reply. Between the two the caller commits "offered".
/// </summary>
internal sealed class SmtpConnection(Wire wire, SmtpSettings settings, string host, Extensions extensions) : IAsyncDisposable
{
    private readonly Wire _wire = wire;
    private readonly SmtpSettings _settings = settings;
    private OutgoingMail? _current;
    private OutgoingMail? _announced;
    private MessageBytes _announcedBytes;
    private bool _announcedReset;
    private bool _needsReset;

    /// <summary>The receiver, "mx.example [192.0.2.1]".</summary>
    public string Host { get; } = host;

    /// <summary>The host it was opened to.</summary>
    public required MailHost Peer { get; init; }

    /// <summary>What the receiver offered.</summary>
    public Extensions Extensions { get; } = extensions;

    /// <summary>Whether the bytes are encrypted.</summary>
    public bool IsEncrypted => _wire.IsEncrypted;

    /// <summary>How they were encrypted; null if they are not.</summary>
    public Handshake? Handshake => _wire.Handshake;

    /// <summary>Whether another message can be prepared here.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Whether the receiver has said something, or left, without being asked. An encrypted one is only known to have spoken once it is read.</summary>
    public bool WasInterrupted => _wire.WasInterrupted;

    /// <summary>Whether <see cref="Complete"/> makes use of a next mail.</summary>
    public bool TakesNext => Extensions.Pipelining && _settings.SmtpAnnounce;

    /// <summary>Number of messages this connection has got an answer for.</summary>
    public int Served { get; private set; }

    /// <summary>
    /// Writes the envelope and the whole message except the terminator. If this mail was announced by <see cref="Complete"/>, its envelope is already under way.
    /// </summary>
    /// <returns><see cref="Result.Ready"/>; or why this message will not go now, Deferred, Refused or Broken. Never Accepted or InDoubt.</returns>
    public async ValueTask<Answer> Prepare(OutgoingMail mail)
    {
        if (_current is not null || !IsOpen || (_announced is not null && !ReferenceEquals(_announced, mail)))
        {
            throw new InvalidOperationException("This connection is busy with another message, or closed.");
        }

        var bytes = _announced is null ? MessageBytes.Of(mail.Message.Span) : _announcedBytes;
        if (_announced is null && LocalRefusal(mail, bytes) is { } refusal)
        {
            return refusal;
        }

        try
        {
            var answer = _announced is not null || Extensions.Pipelining ? await OfferInOneGo(mail, bytes) : await OfferStepwise(mail, bytes);
            if (answer.Result != Result.Ready)
            {
                return Note(answer);
            }

            return await WriteMessage(mail, bytes);
        }
        catch (WireException failure)
        {
            return Fail(Result.Broken, Stage.Data, failure);
        }
    }

    /// <summary>
    /// Writes the terminator of the prepared message and waits for the reply. With <paramref name="next"/> the next envelope goes out together with the terminator
    /// where the receiver allows it (RFC 2920 §3.1); the next call of <see cref="Prepare"/> must then be for that mail.
    /// </summary>
    /// <returns>Accepted, Deferred or Refused by a complete reply; Broken if the terminator did not leave; InDoubt.</returns>
    public async ValueTask<Answer> Complete(OutgoingMail? next = null)
    {
        if (_current is null)
        {
            throw new InvalidOperationException("No message is prepared.");
        }

        _current = null;
        try
        {
            if (_wire.WasInterrupted)
            {
                return await ReadInterruption();
            }
        }
        catch (WireException failure)
        {
            return Fail(Result.Broken, Stage.Body, failure);
        }

        try
        {
            _wire.Put(".\r\n");
            Announce(next);
            await _wire.Send(_settings.SmtpBlockTimeout);
        }
        catch (WireException failure)
        {
            return Fail(failure.NothingLeft ? Result.Broken : Result.InDoubt, Stage.End, failure);
        }

        try
        {
            var code = await _wire.Read(_settings.SmtpEndTimeout);
            return code / 100 == 3
                ? Fail(Result.InDoubt, Stage.End, new WireException($"The reply to the message makes no sense: {_wire.Reply.Text}"))
                : Note(AnswerAt(Stage.End));
        }
        catch (WireException failure)
        {
            return Fail(Result.InDoubt, Stage.End, failure);
        }
    }

    /// <summary>Says goodbye, if there is someone to say it to, and closes.</summary>
    public async Task Quit()
    {
        if (IsOpen && _current is null && _announced is null)
        {
            IsOpen = false;
            try
            {
                _wire.Put("QUIT\r\n");
                await _wire.Send(_settings.SmtpBlockTimeout);
                await _wire.Read(TimeSpan.FromSeconds(5));
            }
            catch (WireException)
            {
                // It is closed either way.
            }
        }

        await DisposeAsync();
    }

    /// <summary>Closes without a word. A message that was prepared and not completed has not been taken by the receiver.</summary>
    public ValueTask DisposeAsync()
    {
        IsOpen = false;
        return _wire.DisposeAsync();
    }

    private Answer? LocalRefusal(OutgoingMail mail, MessageBytes bytes)
    {
        if (!EnvelopeAddress.IsSound(mail.To) || (mail.From.Length > 0 && !EnvelopeAddress.IsSound(mail.From)))
        {
            return Answer.RefusedHere("The address cannot be used in SMTP.", "5.1.3");
        }

        if (!bytes.IsSound)
        {
            return Answer.RefusedHere("The message has line ends that are not CRLF.", "5.6.0");
        }

        if (bytes.IsEightBit && !Extensions.EightBitMime)
        {
            return Answer.RefusedHere($"{Host} does not take messages with 8-bit characters.", "5.6.3");
        }

        if (!IsAscii(mail) && !Extensions.SmtpUtf8)
        {
            return Answer.RefusedHere($"{Host} does not take addresses with characters beyond ASCII.", "5.6.7");
        }

        return Extensions.SizeLimit > 0 && mail.Message.Length > Extensions.SizeLimit
            ? Answer.RefusedHere($"The message has {mail.Message.Length} bytes; {Host} takes at most {Extensions.SizeLimit}.", "5.3.4")
            : null;
    }

    private static bool IsAscii(OutgoingMail mail) => Ascii.IsValid(mail.From) && Ascii.IsValid(mail.To);

    private void Announce(OutgoingMail? next)
    {
        if (next is null || !TakesNext)
        {
            return;
        }

        var bytes = MessageBytes.Of(next.Message.Span);
        if (LocalRefusal(next, bytes) is null)
        {
            PutEnvelope(next, bytes);
            (_announced, _announcedBytes) = (next, bytes);
        }
    }

    private void PutEnvelope(OutgoingMail mail, MessageBytes bytes)
    {
        _announcedReset = _needsReset;
        if (_needsReset)
        {
            _wire.Put("RSET\r\n");
            _needsReset = false;
        }

        PutMail(mail, bytes);
        PutRecipient(mail);
        _wire.Put("DATA\r\n");
    }

    private void PutMail(OutgoingMail mail, MessageBytes bytes)
    {
        _wire.Put("MAIL FROM:<");
        _wire.Put(mail.From);
        _wire.Put(">");
        if (Extensions.Size)
        {
            _wire.Put(" SIZE=");
            _wire.Put(mail.Message.Length.ToString(CultureInfo.InvariantCulture));
        }

        if (bytes.IsEightBit)
        {
            _wire.Put(" BODY=8BITMIME");
        }

        _wire.Put(IsAscii(mail) ? "\r\n" : " SMTPUTF8\r\n");
    }

    private void PutRecipient(OutgoingMail mail)
    {
        _wire.Put("RCPT TO:<");
        _wire.Put(mail.To);
        _wire.Put(">\r\n");
    }

    private async ValueTask<Answer> OfferInOneGo(OutgoingMail mail, MessageBytes bytes)
    {
        if (_announced is null)
        {
            PutEnvelope(mail, bytes);
            await _wire.Send(_settings.SmtpBlockTimeout);
        }

        _announced = null;
        if (_announcedReset)
        {
            await _wire.Read(_settings.SmtpCommandTimeout);
        }

        // All three replies must be read, whatever the first one says, or the next message would get them.
        var sender = await ReadAnswer(Stage.Mail);
        if (sender.IsShutdown)
        {
            return sender;
        }

        var recipient = await ReadAnswer(Stage.Recipient);
        var answer = sender.Result == Result.Ready ? recipient : sender;
        if (answer.IsShutdown)
        {
            return answer;
        }

        var data = await ReadAnswer(Stage.Data);
        if (answer.Result == Result.Ready)
        {
            return data;
        }

        if (data.Result == Result.Ready)
        {
            // RFC 2920 §3.1: it waits for a message to nobody; it gets an empty one.
            _wire.Put(".\r\n");
            await _wire.Send(_settings.SmtpBlockTimeout);
            await _wire.Read(_settings.SmtpEndTimeout);
        }

        return answer;
    }

    private async ValueTask<Answer> OfferStepwise(OutgoingMail mail, MessageBytes bytes)
    {
        if (_needsReset)
        {
            _needsReset = false;
            await Ask("RSET\r\n", Stage.Mail);
        }

        PutMail(mail, bytes);
        var answer = await Ask("", Stage.Mail);
        if (answer.Result != Result.Ready)
        {
            return answer;
        }

        PutRecipient(mail);
        answer = await Ask("", Stage.Recipient);
        return answer.Result == Result.Ready ? await Ask("DATA\r\n", Stage.Data) : answer;
    }

    private async ValueTask<Answer> Ask(string words, Stage stage)
    {
        _wire.Put(words);
        await _wire.Send(_settings.SmtpBlockTimeout);
        return await ReadAnswer(stage);
    }

    private async ValueTask<Answer> ReadAnswer(Stage stage)
    {
        var code = await _wire.Read(_settings.SmtpCommandTimeout);
        var wanted = stage == Stage.Data ? 3 : 2;
        return code / 100 == wanted ? Answer.Ready
            : code >= 400 ? AnswerAt(stage)
            : throw new WireException($"The reply makes no sense: {_wire.Reply.Text}");
    }

    private async ValueTask<Answer> WriteMessage(OutgoingMail mail, MessageBytes bytes)
    {
        byte[]? stuffed = null;
        try
        {
            var message = mail.Message;
            if (bytes.HasDots)
            {
                stuffed = MessageBytes.Stuff(message.Span, out var length);
                message = stuffed.AsMemory(0, length);
            }

            await _wire.Send(message, _settings.SmtpBlockTimeout);
            if (bytes.EndsOpen)
            {
                _wire.Put("\r\n");
                await _wire.Send(_settings.SmtpBlockTimeout);
            }

            _current = mail;
            return Answer.Ready;
        }
        catch (WireException failure)
        {
            // A receiver that had enough says so and closes; its words may still be there.
            return await LastWords() ?? Fail(Result.Broken, Stage.Body, failure);
        }
        finally
        {
            if (stuffed is not null)
            {
                ArrayPool<byte>.Shared.Return(stuffed);
            }
        }
    }

    private async ValueTask<Answer?> LastWords()
    {
        try
        {
            var answer = await ReadInterruption();
            return answer.Result == Result.Broken ? null : answer;
        }
        catch (WireException)
        {
            return null;
        }
    }

    private async ValueTask<Answer> ReadInterruption()
    {
        var code = await _wire.Read(TimeSpan.FromSeconds(5));
        IsOpen = false;
        return code >= 400 ? AnswerAt(Stage.Body) : throw new WireException($"The receiver spoke out of turn: {_wire.Reply.Text}");
    }

    private Answer AnswerAt(Stage stage)
    {
        var result = (_wire.Reply.Code / 100) switch { 2 => Result.Accepted, 4 => Result.Deferred, _ => Result.Refused };
        return new Answer(result, stage, _wire.Reply.Code, _wire.Reply.EnhancedCode, _wire.Reply.Text);
    }

    private Answer Note(Answer answer)
    {
        Served++;
        _needsReset |= answer.Stage is Stage.Recipient or Stage.Data;
        IsOpen &= !answer.IsShutdown;
        return answer;
    }

    private Answer Fail(Result result, Stage stage, WireException failure)
    {
        IsOpen = false;
        return new Answer(result, stage, 0, "", failure.Message);
    }
}
