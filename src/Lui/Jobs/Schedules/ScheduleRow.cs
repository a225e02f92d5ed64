// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Jobs.Schedules;

/// <summary>What a schedule has beside its start, as it stands in the job's row.</summary>
internal sealed record ScheduleRow(string? Pace = null, string? Wall = null, string? Column = null)
{
    private static readonly ScheduleRow _nothing = new();

    /// <summary>The text of a schedule; null if it has nothing beside its start.</summary>
    public static string? Of(JobSchedule schedule)
    {
        var row = new ScheduleRow(schedule.Pace?.ToWords(), schedule.Local?.WallInWords, schedule.Local?.Column);
        return row == _nothing ? null : JsonSerializer.Serialize(row);
    }

    /// <summary>The schedule with what the text adds to its start.</summary>
    public static JobSchedule Read(string? text, JobSchedule start)
    {
        var row = text is null ? _nothing : JsonSerializer.Deserialize<ScheduleRow>(text)!;
        return start with
        {
            Pace = JobPace.Parse(row.Pace),
            Local = row is { Wall: { } wall, Column: { } column } ? new LocalStart(DateTime.ParseExact(wall, LocalStart.Format, CultureInfo.InvariantCulture), column) : null,
        };
    }
}
