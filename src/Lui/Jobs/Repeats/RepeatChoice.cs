// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs.Schedules;
using Tutti.Lui.Jobs.Steps;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs.Repeats;

/// <summary>How people have a job come again.</summary>
/// <param name="Every">How many units lie between two runs.</param>
/// <param name="Unit">hours, days, weeks or months.</param>
/// <param name="Runs">How many runs in all, or null.</param>
/// <param name="Until">No run after this time, like 2027-03-14T09:30, in the zone of the schedule; or null.</param>
internal sealed record RepeatChoice(int Every, string Unit, int? Runs = null, string? Until = null)
{
    /// <summary>The repetition, if it is one.</summary>
    public Outcome<JobRepeat> Read(string zone)
    {
        if (!Words.TryTo<RepeatUnit>(Unit, out var unit))
        {
            return ScheduleRefusals.Unit(Unit);
        }

        if (Every is < 1 or > JobRepeat.MostEvery)
        {
            return ScheduleRefusals.Every();
        }

        if (Runs is < 2 or > JobRepeat.MostRuns)
        {
            return ScheduleRefusals.Runs();
        }

        if (string.IsNullOrWhiteSpace(Until))
        {
            return new JobRepeat(Every, unit) { Runs = Runs };
        }

        return LocalTime.Read(Until, zone).Is(out var until, out var refusal) ? new JobRepeat(Every, unit) { Runs = Runs, Until = until.ToUniversalTime() } : refusal with { Field = "until" };
    }

    /// <summary>The choice that a repetition was.</summary>
    public static RepeatChoice Of(JobRepeat repeat) => new(repeat.Every, Words.Of(repeat.Unit), repeat.Runs, repeat.Until?.ToString("yyyy-MM-ddTHH:mm:ssK", System.Globalization.CultureInfo.InvariantCulture));
}
