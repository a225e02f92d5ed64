// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Tracking;

/// <summary>Decides how much of what recipients do leads back to them.</summary>
internal sealed class ChooseTracking(JobStore jobs, TimeProvider clock)
{
    public sealed record Command(long JobId, Actor Who, JobTracking Tracking, long? Version = null);

    public Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return jobs.Change(
            command.JobId,
            command.Version,
            job => job.Track(command.Tracking, command.Who, now),
            _ => new JournalEntry(now, command.Who, "tracking", $"Chose {Words.Of(command.Tracking)} tracking."),
            cancellationToken);
    }
}
