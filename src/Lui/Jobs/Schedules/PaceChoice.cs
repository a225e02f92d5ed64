// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs.Schedules;

/// <summary>How people spread a job's recipients over time: by rate, or in parts.</summary>
/// <param name="PerHour">Recipients an hour, or null.</param>
/// <param name="Parts">How many parts of equal size, or null.</param>
/// <param name="Minutes">Minutes from one part to the next.</param>
internal sealed record PaceChoice(long? PerHour = null, int? Parts = null, int? Minutes = null)
{
    /// <summary>The pace, if it is one.</summary>
    public Outcome<JobPace> Read() => (PerHour, Parts) switch
    {
        ({ } perHour, null) => JobPace.ByRate(perHour),
        (null, { } parts) => JobPace.InParts(parts, Minutes ?? 0),
        _ => ScheduleRefusals.OnePace(),
    };
}
