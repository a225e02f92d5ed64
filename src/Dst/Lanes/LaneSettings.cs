// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Dst.Lanes;

/// <summary>How much is done at once.</summary>
internal sealed record LaneSettings
{
    /// <summary>Connections to one destination. Default 20.</summary>
    [Range(1, 1000), Description("Most connections to one destination at the same time.")]
    public int Connections { get; init; } = 20;

    /// <summary>Destinations served at the same time. Default 200.</summary>
    [Range(1, 10_000), Description("Most destinations that are served at the same time.")]
    public int Destinations { get; init; } = 200;

    /// <summary>Messages a second over all destinations, 0 for no limit. Default 0.</summary>
    [Range(0, 1_000_000), Description("Most messages a second over all destinations; 0 means no limit.")]
    public double Rate { get; init; }
}
