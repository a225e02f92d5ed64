// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Merging;

namespace Tutti.Mail.Links;

/// <summary>A link of a message that leads over the tracker.</summary>
/// <param name="Number">From 1, in the order of the content; every occurrence has its own.</param>
/// <param name="Target">Absolute http or https URL in ASCII, with its parameters.</param>
/// <param name="Part">Where it stands.</param>
/// <param name="Label">What people called it; else its words in the HTML part, or the URL as written.</param>
public sealed record TrackedLink(uint Number, string Target, ContentPart Part, string Label)
{
    /// <summary>The short name that people gave it; empty for none.</summary>
    public string Alias { get; init; } = "";

    /// <summary>The target without the parameters of rules; with part and occurrence it says which link of the message this is.</summary>
    public string Written { get; init; } = "";

    /// <summary>Which of the links of this part with this target it is, from 1.</summary>
    public int Occurrence { get; init; } = 1;
}

/// <summary>A link that is left as it is.</summary>
/// <param name="Target">As written.</param>
/// <param name="Part">Where it stands.</param>
/// <param name="Reason">Why.</param>
public sealed record UntrackedLink(string Target, ContentPart Part, UntrackedReason Reason)
{
    /// <summary>Which of the links of this part with this target it is, from 1.</summary>
    public int Occurrence { get; init; } = 1;

    /// <summary>The short name that people gave it; empty for none.</summary>
    public string Alias { get; init; } = "";

    /// <summary>Its words; empty where it has none.</summary>
    public string Label { get; init; } = "";
}

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

    /// <summary>People decided so.</summary>
    Choice,
}
