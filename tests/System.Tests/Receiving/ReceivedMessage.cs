// SPDX-License-Identifier: Apache-2.0
namespace Tutti.System.Tests.Receiving;

/// <summary>A message that the receiver read up to its terminator, whatever it answered.</summary>
/// <param name="Number">In the order of arrival over all connections, from 1.</param>
/// <param name="Connection">The connection that brought it.</param>
/// <param name="Sender">MAIL FROM without brackets.</param>
/// <param name="Recipient">RCPT TO without brackets.</param>
/// <param name="Raw">The message as it came, dots unstuffed, with CRLF.</param>
/// <param name="Behaviour">What the receiver did then.</param>
public sealed record ReceivedMessage(int Number, int Connection, string Sender, string Recipient, byte[] Raw, Behaviour Behaviour)
{
    /// <summary>True if the receiver has the message and will show it to its owner.</summary>
    public bool Kept => Behaviour is Behaviour.Accept or Behaviour.DropAfterTerminator;
}

/// <summary>An answer that the receiver gave about an address, before or after the message.</summary>
/// <param name="Recipient">RCPT TO without brackets.</param>
/// <param name="Behaviour">What was done.</param>
/// <param name="Reply">The line that was sent; empty for a dropped connection.</param>
public sealed record Answer(string Recipient, Behaviour Behaviour, string Reply);
