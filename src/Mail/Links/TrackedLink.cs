// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Merging;

namespace Tutti.Mail.Links;

/// <summary>A link of a message that leads over the tracker.</summary>
/// <param name="Number">From 1, in the order of the content; every occurrence has its own.</param>
/// <param name="Target">Absolute http or https URL in ASCII.</param>
/// <param name="Part">Where it stands.</param>
/// <param name="Label">Its words in the HTML part, or the URL as written.</param>
public sealed record TrackedLink(uint Number, string Target, ContentPart Part, string Label);

/// <summary>A link that is left as it is.</summary>
/// <param name="Target">As written.</param>
/// <param name="Part">Where it stands.</param>
/// <param name="Reason">Why.</param>
public sealed record UntrackedLink(string Target, ContentPart Part, UntrackedReason Reason);

/// <summary>Why a link is left as it is.</summary>
public enum UntrackedReason
{
    /// <summary>It holds merge fields, so its target differs between recipients.</summary>
    MergeFields,

    /// <summary>It leads to a place in the message itself.</summary>
    Anchor,

    /// <summary>It is no web address: mailto, tel and the like.</summary>
    OtherScheme,

    /// <summary>It is empty, relative or malformed, and dead in a mail.</summary>
    Dead,
}
