// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Lui.Rest;

/// <summary>What an administrator decides about programs that use the REST interface.</summary>
internal sealed record ApiSettings
{
    /// <summary>Most requests of one token in a minute, from 0 to 1,000,000; 0 sets no limit. Default 1,200.</summary>
    [Range(0, 1_000_000), Description("Most requests over REST that one token may make in a minute, on each node; 0: as many as it likes.")]
    public int ApiRequestsPerMinute { get; init; } = 1200;
}
