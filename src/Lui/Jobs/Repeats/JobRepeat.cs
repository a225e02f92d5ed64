// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs.Schedules;

namespace Tutti.Lui.Jobs.Repeats;

/// <summary>In what a repeated job counts.</summary>
internal enum RepeatUnit
{
    /// <summary>Hours that pass, whatever the clocks do.</summary>
    Hours,

    /// <summary>Days of the calendar: at the same time of the clock.</summary>
    Days,

    /// <summary>Weeks of the calendar.</summary>
    Weeks,

    /// <summary>Months of the calendar; where one is too short, its last day.</summary>
    Months,
}

/// <summary>How a job comes again and again. Each run is a job of its own; the next one is made when one starts.</summary>
/// <param name="Every">How many of the unit lie between two runs.</param>
/// <param name="Unit">The unit.</param>
internal sealed record JobRepeat(int Every, RepeatUnit Unit)
{
    /// <summary>Most units between two runs.</summary>
    public const int MostEvery = 1000;

    /// <summary>Most runs, where their number is limited.</summary>
    public const int MostRuns = 100_000;

    /// <summary>How many runs there are in all; null: no such limit.</summary>
    public int? Runs { get; init; }

    /// <summary>No run is due after this; null: no such limit.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The moment from which the runs are counted; null before the first one has started.</summary>
    public DateTimeOffset? First { get; init; }

    /// <summary>So many times the distance lie between that moment and this run.</summary>
    public int Index { get; init; }

    /// <summary>
    /// The run after one, or null if there is none. It is counted from when that one was due; moments that have passed while nothing ran are left out.
    /// </summary>
    /// <param name="due">When that one was due; not as planned if people sent it later.</param>
    /// <param name="run">Its number, from 1.</param>
    /// <param name="now">The moment.</param>
    /// <param name="zone">Whose calendar counts.</param>
    public (DateTimeOffset At, JobRepeat Repeat)? After(DateTimeOffset due, int run, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (run >= Runs)
        {
            return null;
        }

        var (first, index) = First is { } known && Moment(known, Index, zone) == due ? (known, Index) : (due, 0);
        DateTimeOffset at;
        do
        {
            index++;
            at = Moment(first, index, zone);
        }
        while (at <= now);

        return at > Until ? null : (at, this with { First = first, Index = index });
    }

    /// <summary>As people read it: "every 2 days, 5 times in all".</summary>
    public string InWords(TimeZoneInfo zone)
    {
        var distance = SharedWords.Counted(
            Unit switch
            {
                RepeatUnit.Hours => JobsWords.EveryHours,
                RepeatUnit.Days => JobsWords.EveryDays,
                RepeatUnit.Weeks => JobsWords.EveryWeeks,
                RepeatUnit.Months => JobsWords.EveryMonths,
            },
            Every);
        return (Runs, Until) switch
        {
            ({ } runs, null) => SharedWords.Counted(JobsWords.TimesInAll, runs, distance),
            (_, { } until) => SharedWords.Fill(JobsWords.UntilWhen, distance, TimeZoneInfo.ConvertTime(until, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)),
            _ => distance,
        };
    }

    private DateTimeOffset Moment(DateTimeOffset first, int index, TimeZoneInfo zone)
    {
        var wall = TimeZoneInfo.ConvertTime(first, zone).DateTime;
        return Unit switch
        {
            RepeatUnit.Hours => first.AddHours((double)index * Every),
            RepeatUnit.Days => On(wall.AddDays((double)index * Every)),
            RepeatUnit.Weeks => On(wall.AddDays(7d * index * Every)),
            RepeatUnit.Months => On(wall.AddMonths(index * Every)),
        };
        DateTimeOffset On(DateTime then) => new LocalStart(DateTime.SpecifyKind(then, DateTimeKind.Unspecified), "").In(zone).ToUniversalTime();
    }
}
