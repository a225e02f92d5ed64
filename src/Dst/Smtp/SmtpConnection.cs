// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Smtp.Encryption;
using Tutti.Dst.SourceAddresses;

namespace Tutti.Dst.Smtp;

/// <summary>
/// An open conversation with one receiver that carries many messages, one after the other; one caller at a time. Each message takes two steps:
/// <see cref="Prepare"/> writes all but its terminator, <see cref="Complete"/> writes that and waits for the reply. Between the two the caller commits "offered".
/// </summary>
internal sealed class SmtpConnection(Wire wire, SmtpSettings settings, string host, Extensions extensions) : IAsyncDisposable
{
    private readonly Wire _wire = wire;
    private readonly SmtpSettings _settings = settings;
    private readonly Envelopes _envelopes = new(wire, settings, extensions);
    private readonly Transfer _transfer = new(wire, settings, extensions.Chunking);
    private OutgoingMail? _current;

    /// <summary>The receiver, "mx.example [192.0.2.1]".</summary>
    public string Host { get; } = host;

    /// <summary>The host it was opened to.</summary>
    public required MailHost Peer { get; init; }

    /// <summary>The address it left from; null if the operating system chose.</summary>
    public Source? Source { get; init; }

    /// <summary>What the receiver offered and we make use of.</summary>
    public Extensions Extensions { get; } = extensions;

    /// <summary>Called when the receiver turns out not to know BDAT although it offered it.</summary>
    public Action? ChunksFailed { get; init; }

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
        if (_current is not null || !IsOpen || (_envelopes.Announced is { } announced && !ReferenceEquals(announced, mail)))
        {
            throw new InvalidOperationException("This connection is busy with another message, or closed.");
        }

        var bytes = _envelopes.BytesOf(mail);
        if (_envelopes.Announced is null && LocalRefusal.Of(mail, bytes, Host, Extensions) is { } refusal)
        {
            return refusal;
        }

        try
        {
            var answer = await _envelopes.Offer(mail, bytes);
            return answer.Result == Result.Ready ? await WriteMessage(mail, bytes) : Note(answer);
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
            _transfer.PutEnd();
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
                : Judge(Stage.End) is var answer && answer.Result == Result.Broken ? answer : Note(answer);
        }
        catch (WireException failure)
        {
            return Fail(Result.InDoubt, Stage.End, failure);
        }
    }

    /// <summary>Says goodbye, if there is someone to say it to, and closes.</summary>
    public async Task Quit()
    {
        if (IsOpen && _current is null && _envelopes.Announced is null)
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

    private void Announce(OutgoingMail? next)
    {
        if (next is null || !TakesNext)
        {
            return;
        }

        var bytes = MessageBytes.Of(next.Message);
        if (LocalRefusal.Of(next, bytes, Host, Extensions) is null)
        {
            _envelopes.Announce(next, bytes);
        }
    }

    private async ValueTask<Answer> WriteMessage(OutgoingMail mail, MessageBytes bytes)
    {
        try
        {
            await _transfer.Write(mail.Message, bytes);
            _current = mail;
            return Answer.Ready;
        }
        catch (WireException failure)
        {
            // A receiver that had enough says so and closes; its words may still be there.
            return await LastWords() ?? Fail(Result.Broken, Stage.Body, failure);
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
        return code >= 400 ? Judge(Stage.Body) : throw new WireException($"The receiver spoke out of turn: {_wire.Reply.Text}");
    }

    /// <summary>What the reply to a message means. "Unknown command" says that the receiver never saw one: whoever stands in between does not know what it passed on.</summary>
    private Answer Judge(Stage stage)
    {
        if (!Extensions.Chunking || _wire.Reply.Code is not (500 or 502))
        {
            return Answer.To(_wire.Reply, stage);
        }

        ChunksFailed?.Invoke();
        return Fail(Result.Broken, stage, new WireException($"It offered CHUNKING and does not know BDAT: {_wire.Reply.Text}"));
    }

    private Answer Note(Answer answer)
    {
        Served++;
        IsOpen &= !answer.IsShutdown;
        return answer;
    }

    private Answer Fail(Result result, Stage stage, WireException failure)
    {
        IsOpen = false;
        return new Answer(result, stage, 0, "", failure.Message);
    }
}
