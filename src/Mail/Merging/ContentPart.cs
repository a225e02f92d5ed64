// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Merging;

/// <summary>A part of a message's content.</summary>
public enum ContentPart
{
    /// <summary>The subject: one line of plain text.</summary>
    Subject,

    /// <summary>The HTML part: merged values are escaped.</summary>
    Html,

    /// <summary>The plain text part.</summary>
    Text,
}
