// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs.Repeats;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs.Schedules;

/// <summary>Every "no" about schedules that is not about a moment.</summary>
internal static class ScheduleRefusals
{
    public static Refusal Rate() => new(RefusalKind.Invalid, "schedule.rate", SharedWords.Fill(JobsWords.BadRate, SharedWords.Number(JobPace.MostAnHour)), "perHour");

    public static Refusal Parts() => new(RefusalKind.Invalid, "schedule.parts", SharedWords.Fill(JobsWords.BadParts, SharedWords.Number(JobPace.MostParts)), "parts");

    public static Refusal Minutes() => new(RefusalKind.Invalid, "schedule.minutes", SharedWords.Fill(JobsWords.BadMinutes, SharedWords.Number(JobPace.MostMinutes)), "minutes");

    public static Refusal OneStart() => new(RefusalKind.Invalid, "schedule.one-start", JobsWords.OneStart, "at");

    public static Refusal OnlyZones() => new(RefusalKind.Invalid, "schedule.only-zones", JobsWords.OnlyZones, "zoneColumn");

    public static Refusal NoZoneColumn(string column) => new(RefusalKind.Conflict, "schedule.no-zone-column", SharedWords.Fill(JobsWords.NoZoneColumn, column), "zoneColumn");

    public static Refusal PastInZones(LocalStart local, ZonePart first) => new(
        RefusalKind.Conflict, "schedule.past-in-zones", SharedWords.Fill(JobsWords.PastInZones, local.WallInWords.Replace('T', ' '), string.Join(", ", first.Zones)), "at");

    public static Refusal Unit(string unit) => new(RefusalKind.Invalid, "schedule.unit", SharedWords.Fill(JobsWords.BadUnit, unit), "unit");

    public static Refusal Every() => new(RefusalKind.Invalid, "schedule.every", SharedWords.Fill(JobsWords.BadEvery, SharedWords.Number(JobRepeat.MostEvery)), "every");

    public static Refusal Runs() => new(RefusalKind.Invalid, "schedule.runs", SharedWords.Fill(JobsWords.BadRuns, SharedWords.Number(JobRepeat.MostRuns)), "runs");

    public static Refusal OnlyRepeat() => new(RefusalKind.Invalid, "schedule.only-repeat", JobsWords.OnlyRepeat, "every");

    public static Refusal OnePace() => new(RefusalKind.Invalid, "schedule.one-pace", JobsWords.OnePace, "perHour");
}
