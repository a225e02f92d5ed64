// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Inspection;

/// <summary>What can be odd about a message that a receiver nevertheless takes.</summary>
[Flags]
public enum MessageOddities
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>There is no subject, or only blanks.</summary>
    EmptySubject = 1,

    /// <summary>No part has a word or a picture for the reader.</summary>
    EmptyText = 2,

    /// <summary>There is HTML and no plain text beside it, or plain text without a word.</summary>
    NoPlainText = 4,

    /// <summary>Signs of the merge language are left where the reader sees them: <c>{{</c>, <c>}}</c>, <c>{%</c> or <c>%}</c>.</summary>
    TemplateRemains = 8,

    /// <summary>An anchor has no address or a mere <c>#</c>, or text and HTML together have no link at all.</summary>
    MissingLink = 16,

    /// <summary>What RFC 5322 or RFC 2045 forbids, or a reader's program could not take apart.</summary>
    Malformed = 32,

    /// <summary>The HTML part has more than <see cref="MessageInspection.ClippedAbove"/> bytes.</summary>
    Clipped = 64,
}
