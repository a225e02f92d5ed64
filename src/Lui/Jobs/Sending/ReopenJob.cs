// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs.Sending;

/// <summary>Opens a failed mail job for editing again, if nothing of it has left.</summary>
internal sealed class ReopenJob(JobStore store, TimeProvider clock)
{
    public sealed record Command(long JobId, Actor Who, long? Version = null);

    public Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return store.Change(
            command.JobId,
            command.Version,
            job => job.Reopen(),
            _ => new JournalEntry(now, command.Who, "reopened", JobsWords.DidReopen),
            cancellationToken);
    }
}
