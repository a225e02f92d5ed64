// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Inbound;

/// <summary>Decides what a receiver takes, and keeps it.</summary>
internal abstract class Mailbox
{
    /// <summary>The reply to RCPT TO. Called once per recipient; anything but 2xx keeps the recipient out.</summary>
    public abstract string AnswerTo(string recipient);

    /// <summary>Keeps a message for good. The reply 250 is sent only after this has returned.</summary>
    /// <returns>The reply to the message; null drops the connection without one.</returns>
    public abstract ValueTask<string?> Keep(ReceivedMail mail, CancellationToken cancellationToken);
}
