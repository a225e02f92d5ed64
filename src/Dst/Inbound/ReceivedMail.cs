// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Inbound;

/// <summary>A message as a client handed it over.</summary>
/// <param name="From">Envelope sender, empty for the null reverse-path.</param>
/// <param name="Recipients">Envelope recipients, at least one.</param>
/// <param name="Message">The message without dot-stuffing, CRLF line ends. Only valid until the mailbox has answered.</param>
internal sealed record ReceivedMail(string From, IReadOnlyList<string> Recipients, ReadOnlyMemory<byte> Message);
