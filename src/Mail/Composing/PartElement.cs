// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Composing;

/// <summary>A stretch of a compiled part, before it is encoded.</summary>
internal abstract record PartElement
{
    /// <summary>What is the same for every recipient; without markers.</summary>
    public sealed record Fixed(string Text) : PartElement;

    /// <summary>A value or the URL of a link.</summary>
    public sealed record Place(SlotKind Kind, uint Index) : PartElement;
}
