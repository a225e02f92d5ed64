// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tutti.Dst.Smtp;

/// <summary>Whether a message can be put before a receiver at all. What is refused here is never said on the wire.</summary>
internal static class LocalRefusal
{
    /// <summary>Compares a message with what may be said and with what the receiver offered.</summary>
    /// <returns>Null if it may go.</returns>
    public static Answer? Of(OutgoingMail mail, MessageBytes bytes, string host, Extensions extensions)
    {
        if (!EnvelopeAddress.IsSound(mail.To) || (mail.From.Length > 0 && !EnvelopeAddress.IsSound(mail.From)))
        {
            return Answer.RefusedHere("The address cannot be used in SMTP.", "5.1.3");
        }

        if (!bytes.IsSound)
        {
            return Answer.RefusedHere("The message has line ends that are not CRLF.", "5.6.0");
        }

        if (bytes.IsEightBit && !extensions.EightBitMime)
        {
            return Answer.RefusedHere($"{host} does not take messages with 8-bit characters.", "5.6.3");
        }

        if (!IsAscii(mail) && !extensions.SmtpUtf8)
        {
            return Answer.RefusedHere($"{host} does not take addresses with characters beyond ASCII.", "5.6.7");
        }

        return extensions.SizeLimit > 0 && mail.Message.Length > extensions.SizeLimit
            ? Answer.RefusedHere($"The message has {mail.Message.Length} bytes; {host} takes at most {extensions.SizeLimit}.", "5.3.4")
            : null;
    }

    /// <summary>Whether both addresses can be said without SMTPUTF8.</summary>
    public static bool IsAscii(OutgoingMail mail) => Ascii.IsValid(mail.From) && Ascii.IsValid(mail.To);
}
