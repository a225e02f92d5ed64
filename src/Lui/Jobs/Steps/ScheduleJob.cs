// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs.Codes;
using Tutti.Lui.Jobs.Repeats;
using Tutti.Lui.Jobs.Schedules;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs.Steps;

/// <summary>Fixes when an open mail job leaves.</summary>
internal sealed class ScheduleJob(JobStore store, InstallationZone installation, TimeProvider clock)
{
    /// <param name="JobId">The job.</param>
    /// <param name="At">A time like 2027-03-14T09:30, with an offset or in the zone; null means at once.</param>
    /// <param name="Zone">IANA name; null means the installation's.</param>
    /// <param name="Who">Who decides.</param>
    /// <param name="Version">The version that people saw, or null.</param>
    public sealed record Command(long JobId, string? At, string? Zone, Actor Who, long? Version = null)
    {
        /// <summary>The column that names each recipient's zone; then the time is that of each recipient's own clock, and the zone that of those whose own is not known.</summary>
        public string? ZoneColumn { get; init; }

        /// <summary>How it comes again; null: it leaves once.</summary>
        public RepeatChoice? Repeat { get; init; }

        /// <summary>True: it leaves when somebody triggers it.</summary>
        public bool OnTrigger { get; init; }

        /// <summary>How the recipients are spread over time; null: as fast as it goes.</summary>
        public PaceChoice? Pace { get; init; }
    }

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var zone = string.IsNullOrWhiteSpace(command.Zone) ? installation.Name : command.Zone.Trim();
        if (!LocalTime.Zone(zone).Is(out _, out var refusal))
        {
            return refusal;
        }

        JobPace? pace = null;
        if (command.Pace is { } choice && !choice.Read().Is(out pace, out refusal))
        {
            return refusal;
        }

        JobRepeat? repeat = null;
        if (command.Repeat is { } again)
        {
            if (command.OnTrigger || !string.IsNullOrWhiteSpace(command.ZoneColumn))
            {
                return ScheduleRefusals.OnlyRepeat();
            }

            if (!again.Read(zone).Is(out repeat, out refusal))
            {
                return refusal;
            }
        }

        var schedule = new JobSchedule(null, zone) { OnTrigger = command.OnTrigger, Pace = pace, Repeat = repeat };
        if (!string.IsNullOrWhiteSpace(command.ZoneColumn))
        {
            if (pace is not null || command.OnTrigger)
            {
                return ScheduleRefusals.OnlyZones();
            }

            if (!LocalTime.Wall(command.At ?? "").Is(out var wall, out refusal))
            {
                return refusal;
            }

            schedule = schedule with { Local = new LocalStart(wall, command.ZoneColumn.Trim()) };
        }
        else if (!string.IsNullOrWhiteSpace(command.At))
        {
            if (command.OnTrigger)
            {
                return ScheduleRefusals.OneStart();
            }

            if (!LocalTime.Read(command.At, zone).Is(out var at, out refusal))
            {
                return refusal;
            }

            schedule = schedule with { At = at };
        }

        var now = clock.GetUtcNow();
        return await store.Change(
            command.JobId,
            command.Version,
            job => job.ScheduleFor(schedule, command.Who, now),
            _ => new JournalEntry(now, command.Who, "scheduled", $"Scheduled: {schedule}"),
            cancellationToken);
    }
}
