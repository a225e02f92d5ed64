// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs.Schedules;

/// <summary>How a job's recipients are spread over time: part after part, in the order of the set.</summary>
internal sealed record JobPace
{
    /// <summary>Fastest rate in recipients an hour.</summary>
    public const long MostAnHour = 100_000_000;

    /// <summary>Most parts.</summary>
    public const int MostParts = 1000;

    /// <summary>Longest time between two parts in minutes: a week.</summary>
    public const int MostMinutes = 7 * 24 * 60;

    private const int PartsAnHour = 60;

    private JobPace(long perHour, int parts, int minutes) => (PerHour, Parts, Minutes) = (perHour, parts, minutes);

    /// <summary>Recipients an hour; 0 if it is in parts of equal size.</summary>
    public long PerHour { get; }

    /// <summary>How many parts of equal size; 0 if it is by rate.</summary>
    public int Parts { get; }

    /// <summary>Minutes from one part to the next; 0 if it is by rate.</summary>
    public int Minutes { get; }

    /// <summary>The time from one part to the next.</summary>
    public TimeSpan Interval => PerHour > 0 ? TimeSpan.FromHours((double)Step / PerHour) : TimeSpan.FromMinutes(Minutes);

    // By rate, about one part a minute: small enough for an even flow, large enough for whole batches.
    private long Step => Math.Max(1, PerHour / PartsAnHour);

    /// <summary>So many recipients an hour.</summary>
    public static Outcome<JobPace> ByRate(long perHour) =>
        perHour is < 1 or > MostAnHour ? ScheduleRefusals.Rate() : new JobPace(perHour, 0, 0);

    /// <summary>So many parts of equal size, so many minutes apart.</summary>
    public static Outcome<JobPace> InParts(int parts, int minutes) =>
        parts is < 2 or > MostParts ? ScheduleRefusals.Parts() : minutes is < 1 or > MostMinutes ? ScheduleRefusals.Minutes() : new JobPace(0, parts, minutes);

    /// <summary>The last recipient of a part, counted from 1; all of them from the last part on.</summary>
    public long LastOf(long part, long recipients) => PerHour > 0
        ? Math.Min(recipients, part * Step)
        : recipients * Math.Min(part, Parts) / Parts;

    /// <summary>How many parts that many recipients come to.</summary>
    public long PartsOf(long recipients) => PerHour > 0 ? (recipients + Step - 1) / Step : Parts;

    /// <summary>From its words in tables, such as <c>rate 5000</c> or <c>parts 4 30</c>; null for none.</summary>
    public static JobPace? Parse(string? words) => words?.Split(' ') switch
    {
        null => null,
        ["rate", var perHour] => ByRate(long.Parse(perHour, CultureInfo.InvariantCulture)).Value,
        ["parts", var parts, var minutes] => InParts(int.Parse(parts, CultureInfo.InvariantCulture), int.Parse(minutes, CultureInfo.InvariantCulture)).Value,
        _ => throw new FormatException($"'{words}' is no pace."),
    };

    /// <summary>Its words in tables.</summary>
    public string ToWords() =>
        PerHour > 0 ? string.Create(CultureInfo.InvariantCulture, $"rate {PerHour}") : string.Create(CultureInfo.InvariantCulture, $"parts {Parts} {Minutes}");

    /// <summary>As people read it.</summary>
    public override string ToString() => PerHour > 0
        ? SharedWords.Counted(JobsWords.PaceRate, PerHour)
        : SharedWords.Counted(JobsWords.PaceParts, Parts, SharedWords.Span(TimeSpan.FromMinutes(Minutes)));
}
