// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs.Sending;

/// <summary>Stops a delivery. What is on the wire is finished, what waits is kept, and people decide: retry or close.</summary>
internal sealed class StopJob(JobStore store, TimeProvider clock)
{
    public sealed record Command(long JobId, Actor Who, long? Version = null);

    public Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return store.Change(
            command.JobId,
            command.Version,
            job => job.Stop(command.Who),
            _ => new JournalEntry(now, command.Who, "stopped", JobsWords.DidStop),
            cancellationToken);
    }
}
