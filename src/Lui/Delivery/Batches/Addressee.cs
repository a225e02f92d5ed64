// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Delivery.Batches;

/// <summary>Somebody that a message goes to, with the data that is merged into it.</summary>
/// <param name="Id">Unique in the delivery, from 1.</param>
/// <param name="Address">As it stands in the envelope.</param>
/// <param name="Name">Display name; may be empty.</param>
/// <param name="Values">The columns of the recipients source, in their order.</param>
internal sealed record Addressee(long Id, string Address, string Name, IReadOnlyList<string?> Values)
{
    /// <summary>The place in the delivery's order: the id, where it goes by the order of the set.</summary>
    public long Position { get; init; } = Id;
}
