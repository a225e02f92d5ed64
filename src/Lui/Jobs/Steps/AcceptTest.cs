// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs.Steps;

/// <summary>Accepts the delivery test: what was received looks right.</summary>
internal sealed class AcceptTest(JobStore store, TimeProvider clock)
{
    public sealed record Command(long JobId, Actor Who, long? Version = null);

    public Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return store.Change(
            command.JobId,
            command.Version,
            job => job.AcceptTest(command.Who, now),
            _ => new JournalEntry(now, command.Who, "test-accepted", JobsWords.DidAcceptTest),
            cancellationToken);
    }
}
