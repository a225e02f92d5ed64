// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Jobs.Schedules;

/// <summary>What a schedule has beside its start, as it stands in the job's row.</summary>
internal sealed record ScheduleRow(string? Pace = null)
{
    private static readonly ScheduleRow _nothing = new();

    /// <summary>The text of a schedule; null if it has nothing beside its start.</summary>
    public static string? Of(JobSchedule schedule)
    {
        var row = new ScheduleRow(schedule.Pace?.ToWords());
        return row == _nothing ? null : JsonSerializer.Serialize(row);
    }

    /// <summary>The schedule with what the text adds to its start.</summary>
    public static JobSchedule Read(string? text, JobSchedule start)
    {
        var row = text is null ? _nothing : JsonSerializer.Deserialize<ScheduleRow>(text)!;
        return start with { Pace = JobPace.Parse(row.Pace) };
    }
}
