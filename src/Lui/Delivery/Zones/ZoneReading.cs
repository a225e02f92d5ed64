// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs.Schedules;

namespace Tutti.Lui.Delivery.Zones;

/// <summary>What the zones of a set of recipients come to.</summary>
/// <param name="ColumnIndex">The column that names them.</param>
/// <param name="Plan">Who is due when.</param>
/// <param name="PartOf">For each value of the column that names a zone, the number of its part in the plan.</param>
/// <param name="FallbackPart">The part of those whose zone is not known.</param>
/// <param name="Unknown">How many those are.</param>
/// <param name="Example">A value that names no zone; null if there is none but empty ones.</param>
internal sealed record ZoneReading(
    int ColumnIndex, ZonePlan Plan, IReadOnlyDictionary<string, int> PartOf, int FallbackPart, long Unknown, string? Example);
