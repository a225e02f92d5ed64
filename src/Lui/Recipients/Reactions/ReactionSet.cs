// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Recipients.Reactions;

/// <summary>What recipients of another job must have done.</summary>
internal enum ReactionKind
{
    /// <summary>A mail server took the message for them; what they did with it does not matter.</summary>
    Got,

    /// <summary>They opened it, or followed a link of it, which takes opening it.</summary>
    Opened,

    /// <summary>They followed any link.</summary>
    Clicked,

    /// <summary>They followed a link of one certain alias or target.</summary>
    ClickedLink,
}

/// <summary>Recipients of another job by their reaction to it.</summary>
/// <param name="Kind">What they must have done.</param>
/// <param name="Not">True for those who have not. Who has not opened or clicked is one of those who got it.</param>
/// <param name="Link">Alias or target of the link, for <see cref="ReactionKind.ClickedLink"/>.</param>
internal sealed record ReactionSet(ReactionKind Kind, bool Not, string? Link);
