// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Merging;

namespace Tutti.Mail.Links;

/// <summary>What people decided about one link of a message.</summary>
/// <param name="Part">Where it stands.</param>
/// <param name="Target">Its target as the message has it, without what parameter rules add.</param>
/// <param name="Occurrence">Which of the links with this target in this part it is, from 1.</param>
public sealed record LinkChoice(ContentPart Part, string Target, int Occurrence)
{
    /// <summary>A short name for other programs and for parameters; empty for none.</summary>
    public string Alias { get; init; } = "";

    /// <summary>What reports call it; empty: its words in the message.</summary>
    public string Label { get; init; } = "";

    /// <summary>Whether it leads over the tracker.</summary>
    public bool IsTracked { get; init; } = true;
}
