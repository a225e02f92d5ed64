// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Inbound;

/// <summary>Decides what a receiver takes, and keeps it.</summary>
internal abstract class Mailbox
{
    /// <summary>A client is connected. Waiting here lets it wait for the greeting; <see cref="Left"/> follows in any case.</summary>
    /// <returns>The reply with which it is sent away; null: it is greeted.</returns>
    public virtual ValueTask<string?> Greet(CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

    /// <summary>A client is gone.</summary>
    public virtual void Left()
    {
    }

    /// <summary>Whether the client is cut off at DATA without a reply.</summary>
    public virtual bool CutsOff() => false;

    /// <summary>The reply to RCPT TO. Called once per recipient; anything but 2xx keeps the recipient out, and 421 ends the conversation.</summary>
    public abstract string AnswerTo(string recipient);

    /// <summary>Keeps a message for good. The reply 250 is sent only after this has returned.</summary>
    /// <returns>The reply to the message; null drops the connection without one.</returns>
    public abstract ValueTask<string?> Keep(ReceivedMail mail, CancellationToken cancellationToken);
}
