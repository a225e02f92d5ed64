// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Queue;

/// <summary>A recipient that comes in with a batch.</summary>
/// <param name="Id">Unique in its delivery.</param>
/// <param name="Lane">Where it queues.</param>
/// <param name="Address">Envelope recipient.</param>
/// <param name="DisplayName">For the To header; may be empty.</param>
/// <param name="Token">Goes into tracking tokens; null for blind tracking.</param>
/// <param name="Values">Packed by <see cref="SlotValues"/>; null if there are none.</param>
/// <param name="Problem">Why it can never be sent, in words; null if nothing is wrong. Such a recipient is refused at once.</param>
internal sealed record NewRecipient(long Id, string Lane, string Address, string DisplayName, long? Token, byte[]? Values, string? Problem = null);
