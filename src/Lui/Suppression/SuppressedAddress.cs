// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Suppression;

/// <summary>An address that gets no mail.</summary>
/// <param name="Address">Normalised address.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Source">Where it came from: <c>person</c>, <c>unsubscribe</c>, <c>bounce</c>, <c>complaint</c> or <c>api</c>.</param>
/// <param name="At">Since when, Unix time in milliseconds.</param>
internal sealed record SuppressedAddress(string Address, string Reason, string Source, long At);

/// <summary>One numbered change of the list, as every distributor copies it.</summary>
/// <param name="Number">From 1, without gaps, in the order of the commits.</param>
/// <param name="Address">Normalised address.</param>
/// <param name="Suppressed">False takes the address off the list.</param>
/// <param name="Reason">Why, in words.</param>
internal sealed record SuppressionChange(long Number, string Address, bool Suppressed, string Reason);
