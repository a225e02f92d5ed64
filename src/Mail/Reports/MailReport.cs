// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Reports;

/// <summary>What a message that came back is.</summary>
public enum ReportKind
{
    /// <summary>None of the others: an answer by a person, or something that is not for us.</summary>
    Other,

    /// <summary>A server gave up delivering a message.</summary>
    Failure,

    /// <summary>A server goes on trying.</summary>
    Delay,

    /// <summary>A server tells that all is well.</summary>
    Success,

    /// <summary>A machine answers for somebody: out of office, a receipt for reading, a challenge.</summary>
    AutoReply,

    /// <summary>A mailbox provider passes on that the recipient called the message spam (RFC 5965).</summary>
    Complaint,
}

/// <summary>A message that came back, as far as it can be understood.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Status">Enhanced codes (RFC 3463) of its fields, the most telling first; those in <paramref name="Words"/> are not among them.</param>
/// <param name="Words">The words of the server that gave up, as far as they were passed on; at most 500 characters in one line.</param>
/// <param name="Host">The server that said so; may be empty.</param>
/// <param name="Clues">
/// Texts in which one of our signed words may stand, in the order in which they are to be believed: the original envelope id, the original
/// envelope sender, Message-ID, other headers of the returned message, then the whole text.
/// </param>
public sealed record MailReport(ReportKind Kind, IReadOnlyList<string> Status, string Words, string Host, IReadOnlyList<string> Clues);
