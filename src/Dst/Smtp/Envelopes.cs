// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Tutti.Dst.Smtp;

/// <summary>What is said before each message of one conversation, RSET, MAIL, RCPT and, where no BDAT follows, DATA; and the replies to it.</summary>
/// <param name="wire">To the receiver.</param>
/// <param name="settings">Time-outs.</param>
/// <param name="extensions">What the receiver offered.</param>
internal sealed class Envelopes(Wire wire, SmtpSettings settings, Extensions extensions)
{
    private MessageBytes _announcedBytes;
    private bool _announcedReset;
    private bool _needsReset;

    /// <summary>The mail whose envelope is under way and whose replies were not read yet.</summary>
    public OutgoingMail? Announced { get; private set; }

    /// <summary>Puts the envelope of a mail aside for the next send; <see cref="Offer"/> must then be for this mail.</summary>
    public void Announce(OutgoingMail mail, MessageBytes bytes)
    {
        Put(mail, bytes);
        (Announced, _announcedBytes) = (mail, bytes);
    }

    /// <summary>What the message of a mail is like on the wire; looked through once.</summary>
    public MessageBytes BytesOf(OutgoingMail mail) => Announced is null ? MessageBytes.Of(mail.Message) : _announcedBytes;

    /// <summary>Says the envelope, unless it is under way already, and hears what the receiver thinks.</summary>
    /// <returns><see cref="Result.Ready"/> if it waits for the message.</returns>
    /// <exception cref="WireException">The connection failed, or a reply makes no sense.</exception>
    public async ValueTask<Answer> Offer(OutgoingMail mail, MessageBytes bytes)
    {
        var answer = Announced is not null || extensions.Pipelining ? await OfferInOneGo(mail, bytes) : await OfferStepwise(mail, bytes);

        // After a piece that was refused the conversation is where it was, RFC 3030 leaves open where; after one that was taken RSET does no harm.
        _needsReset |= answer.Stage is Stage.Recipient or Stage.Data || (answer.Result == Result.Ready && extensions.Chunking);
        return answer;
    }

    private async ValueTask<Answer> OfferInOneGo(OutgoingMail mail, MessageBytes bytes)
    {
        if (Announced is null)
        {
            Put(mail, bytes);
            await wire.Send(settings.SmtpBlockTimeout);
        }

        Announced = null;
        if (_announcedReset)
        {
            await wire.Read(settings.SmtpCommandTimeout);
        }

        // All replies must be read, whatever the first one says, or the next message would get them.
        var sender = await ReadAnswer(Stage.Mail);
        if (sender.IsShutdown)
        {
            return sender;
        }

        var recipient = await ReadAnswer(Stage.Recipient);
        var answer = sender.Result == Result.Ready ? recipient : sender;
        return answer.IsShutdown || extensions.Chunking ? answer : await OfferData(answer);
    }

    private async ValueTask<Answer> OfferData(Answer envelope)
    {
        var data = await ReadAnswer(Stage.Data);
        if (envelope.Result == Result.Ready)
        {
            return data;
        }

        if (data.Result == Result.Ready)
        {
            // RFC 2920 §3.1: it waits for a message to nobody; it gets an empty one.
            wire.Put(".\r\n");
            await wire.Send(settings.SmtpBlockTimeout);
            await wire.Read(settings.SmtpEndTimeout);
        }

        return envelope;
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
        return answer.Result == Result.Ready && !extensions.Chunking ? await Ask("DATA\r\n", Stage.Data) : answer;
    }

    private void Put(OutgoingMail mail, MessageBytes bytes)
    {
        _announcedReset = _needsReset;
        if (_needsReset)
        {
            wire.Put("RSET\r\n");
            _needsReset = false;
        }

        PutMail(mail, bytes);
        PutRecipient(mail);
        wire.Put(extensions.Chunking ? "" : "DATA\r\n");
    }

    private void PutMail(OutgoingMail mail, MessageBytes bytes)
    {
        wire.Put("MAIL FROM:<");
        wire.Put(mail.From);
        wire.Put(">");
        if (extensions.Size)
        {
            wire.Put(" SIZE=");
            wire.Put(mail.Message.Length.ToString(CultureInfo.InvariantCulture));
        }

        if (bytes.IsEightBit)
        {
            wire.Put(" BODY=8BITMIME");
        }

        if (WantsReports(mail))
        {
            // Of our message the header is enough.
            wire.Put(" RET=HDRS");
            wire.Put(mail.EnvelopeId.Length > 0 ? " ENVID=" + XText(mail.EnvelopeId) : "");
        }

        wire.Put(LocalRefusal.IsAscii(mail) ? "\r\n" : " SMTPUTF8\r\n");
    }

    private void PutRecipient(OutgoingMail mail)
    {
        wire.Put("RCPT TO:<");
        wire.Put(mail.To);
        wire.Put(">");
        if (WantsReports(mail))
        {
            // Nobody reads that a message is late; the address as we know it, because it may be forwarded to another one.
            wire.Put(" NOTIFY=FAILURE");
            wire.Put(Ascii.IsValid(mail.To) ? " ORCPT=rfc822;" + XText(mail.To) : "");
        }

        wire.Put("\r\n");
    }

    // About a message without a sender nobody is told anything.
    private bool WantsReports(OutgoingMail mail) => extensions.Dsn && mail.From.Length > 0;

    /// <summary>RFC 3461 §4: printable ASCII but for + and =, everything else by its number.</summary>
    private static string XText(string words) => string.Concat(words.Select(character => character is >= '!' and <= '~' and not ('+' or '=')
        ? character.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"+{(int)character:X2}")));

    private async ValueTask<Answer> Ask(string words, Stage stage)
    {
        wire.Put(words);
        await wire.Send(settings.SmtpBlockTimeout);
        return await ReadAnswer(stage);
    }

    private async ValueTask<Answer> ReadAnswer(Stage stage)
    {
        var code = await wire.Read(settings.SmtpCommandTimeout);
        var wanted = stage == Stage.Data ? 3 : 2;
        return code / 100 == wanted ? Answer.Ready
            : code >= 400 ? Answer.To(wire.Reply, stage)
            : throw new WireException($"The reply makes no sense: {wire.Reply.Text}");
    }
}
