// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Lanes.Pacing;

/// <summary>A lane that people hold.</summary>
/// <param name="By">Who asked for it.</param>
/// <param name="At">When, Unix milliseconds.</param>
internal sealed record LaneHold(string By, long At);

/// <summary>What is to be remembered of a lane that pauses, or that goes on carefully after a pause.</summary>
/// <param name="Until">End of the pause, Unix milliseconds.</param>
/// <param name="Reason">Why, in the receiver's words where it had any.</param>
/// <param name="Pauses">How many one after the other.</param>
/// <param name="Connections">How many it may have afterwards.</param>
internal sealed record LanePause(long Until, string Reason, int Pauses, int Connections);
