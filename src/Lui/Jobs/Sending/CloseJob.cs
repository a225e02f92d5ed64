// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs.Sending;

/// <summary>Gives a failed mail job up: it is completed, and what was waiting is never sent.</summary>
internal sealed class CloseJob(JobStore store, TimeProvider clock)
{
    public sealed record Command(long JobId, Actor Who, long? Version = null);

    public Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return store.Change(
            command.JobId,
            command.Version,
            job => job.Close(now),
            _ => new JournalEntry(now, command.Who, "closed", JobsWords.DidClose),
            cancellationToken);
    }
}
