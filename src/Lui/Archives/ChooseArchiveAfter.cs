// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Archives;

/// <summary>Says how many days after its delivery a job is archived by itself.</summary>
internal sealed class ChooseArchiveAfter(JobStore jobs, TimeProvider clock)
{
    /// <summary>Most days.</summary>
    public const int MostDays = 3650;

    /// <param name="JobId">The job.</param>
    /// <param name="Who">Who says so.</param>
    /// <param name="Days">From 1; null for never.</param>
    public sealed record Command(long JobId, Actor Who, int? Days);

    public Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return jobs.Change(
            command.JobId,
            version: null,
            job => command.Days is < 1 or > MostDays ? ArchiveRefusals.Days() : job.State == JobState.Archived ? ArchiveRefusals.IsArchived(job) : job with { ArchiveAfterDays = command.Days },
            job => new JournalEntry(now, command.Who, "archive-after", job.ArchiveAfterDays is { } days ? SharedWords.Counted(ArchivesWords.DidChooseDays, days) : ArchivesWords.DidChooseNever),
            cancellationToken);
    }
}
