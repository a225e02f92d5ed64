// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Dst.Journal;

/// <summary>Several distributors on one PostgreSQL database.</summary>
internal sealed record GroupSettings
{
    /// <summary>After this time without a sign of life a distributor counts as gone. Default 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00"), Description("Where several distributors share a PostgreSQL database: how long one may be silent until the others take over what it had in hand.")]
    public TimeSpan TakeOverAfter { get; init; } = TimeSpan.FromSeconds(15);
}
