// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Lanes.Pacing;

/// <summary>The circuit breaker of a lane.</summary>
internal enum PaceState
{
    /// <summary>Mail flows.</summary>
    Closed,

    /// <summary>The lane pauses.</summary>
    Open,

    /// <summary>One connection tries whether it goes on.</summary>
    HalfOpen,
}
