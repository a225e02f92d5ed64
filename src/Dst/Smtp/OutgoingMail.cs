// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Tutti.Dst.Smtp;

/// <summary>One message for one recipient.</summary>
/// <param name="From">Envelope sender without angle brackets; empty for the null reverse-path.</param>
/// <param name="To">Envelope recipient without angle brackets.</param>
/// <param name="Message">A complete message with CRLF line ends, not dot-stuffed; each of its parts but the last one ends with a line. Must stay unchanged until its answer is there.</param>
internal sealed record OutgoingMail(string From, string To, ReadOnlySequence<byte> Message)
{
    /// <summary>A message in one part.</summary>
    public OutgoingMail(string from, string to, ReadOnlyMemory<byte> message)
        : this(from, to, new ReadOnlySequence<byte>(message))
    {
    }

    /// <summary>What a report about this message shall call it, where the receiver can pass that on (RFC 3461 §4.4); at most 100 printable ASCII characters, empty for nothing.</summary>
    public string EnvelopeId { get; init; } = "";
}
