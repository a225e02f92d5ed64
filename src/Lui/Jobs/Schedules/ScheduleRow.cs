// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using Tutti.Lui.Jobs.Repeats;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Jobs.Schedules;

/// <summary>What a schedule has beside its start, as it stands in the job's row.</summary>
internal sealed record ScheduleRow(string? Pace = null, string? Wall = null, string? Column = null, ScheduleRow.RepeatRow? Repeat = null)
{
    private static readonly ScheduleRow _nothing = new();

    /// <summary>The text of a schedule; null if it has nothing beside its start.</summary>
    public static string? Of(JobSchedule schedule)
    {
        var row = new ScheduleRow(schedule.Pace?.ToWords(), schedule.Local?.WallInWords, schedule.Local?.Column, schedule.Repeat is { } repeat ? RepeatRow.Of(repeat) : null);
        return row == _nothing ? null : JsonSerializer.Serialize(row);
    }

    /// <summary>The schedule with what the text adds to its start.</summary>
    public static JobSchedule Read(string? text, JobSchedule start)
    {
        var row = text is null ? _nothing : JsonSerializer.Deserialize<ScheduleRow>(text)!;
        return start with
        {
            Pace = JobPace.Parse(row.Pace),
            Repeat = row.Repeat?.ToRepeat(),
            Local = row is { Wall: { } wall, Column: { } column } ? new LocalStart(DateTime.ParseExact(wall, LocalStart.Format, CultureInfo.InvariantCulture), column) : null,
        };
    }

    /// <summary>A repetition, its moments in milliseconds of Unix time.</summary>
    internal sealed record RepeatRow(int Every, string Unit, int? Runs, long? Until, long? First, int Index)
    {
        public static RepeatRow Of(JobRepeat repeat) =>
            new(repeat.Every, Words.Of(repeat.Unit), repeat.Runs, repeat.Until?.ToUnixTimeMilliseconds(), repeat.First?.ToUnixTimeMilliseconds(), repeat.Index);

        public JobRepeat ToRepeat() => new(Every, Words.To<RepeatUnit>(Unit)) { Runs = Runs, Until = Moment(Until), First = Moment(First), Index = Index };

        private static DateTimeOffset? Moment(long? at) => at is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
    }
}
