// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Lui.Returns;

/// <summary>When addresses that bounce go onto the suppression list by themselves.</summary>
internal sealed record ReturnSettings
{
    [Range(0, 1000), Description("How many soft bounces in a row put an address onto the suppression list; 0 for never. In a row: of different jobs, without an open or a click in between.")]
    public int SoftBounces { get; init; } = 5;

    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00"), Description("How long a soft bounce counts.")]
    public TimeSpan SoftBouncesWithin { get; init; } = TimeSpan.FromDays(90);
}
