// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Journal;

/// <summary>Says until when somebody has to have authorised a job. It stops nothing: people are reminded.</summary>
internal sealed class SetDueDate(JobStore jobs, TimeProvider clock)
{
    /// <param name="JobId">The job.</param>
    /// <param name="Who">Who says so.</param>
    /// <param name="By">Until when; null for no such date.</param>
    public sealed record Command(long JobId, Actor Who, DateTimeOffset? By);

    public Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return jobs.Change(
            command.JobId,
            version: null,
            job => job.State != JobState.Open ? JobRefusals.NotOpen(job) : command.By <= now ? JobRefusals.DueInThePast() : job with { DecideBy = command.By },
            job => new JournalEntry(now, command.Who, "due-date", job.DecideBy is { } by
                ? SharedWords.Fill(JournalWords.DidSetDue, by.UtcDateTime.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture))
                : JournalWords.DidClearDue),
            cancellationToken);
    }
}
