// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Dst.Lanes;

/// <summary>How much is done at once.</summary>
internal sealed record LaneSettings
{
    /// <summary>Connections of a lane. Default 20.</summary>
    [Range(1, 1000), Description("Most connections of a lane at the same time, unless lanes.ini says otherwise for it. A lane is the mail for one receiving operator, or for the smarthost.")]
    public int Connections { get; init; } = 20;

    /// <summary>Lanes served at the same time. Default 200.</summary>
    [Range(1, 10_000), Description("Most lanes that are served at the same time.")]
    public int Destinations { get; init; } = 200;

    /// <summary>Messages a second over all lanes, 0 for no limit. Default 0.</summary>
    [Range(0, 1_000_000), Description("Most messages a second over all lanes; 0 means no limit. For one lane: lanes.ini.")]
    public double Rate { get; init; }
}
