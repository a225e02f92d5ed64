// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs.Sending;

/// <summary>Goes on with a failed mail job where it was.</summary>
internal sealed class RetryJob(JobStore store, TimeProvider clock)
{
    public sealed record Command(long JobId, Actor Who, long? Version = null);

    public Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return store.Change(
            command.JobId,
            command.Version,
            job => job.Retry(now),
            _ => new JournalEntry(now, command.Who, "retried", JobsWords.DidRetry),
            cancellationToken);
    }
}
