// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Triggers;

/// <summary>Lets an authorised job go that waits to be triggered. Whoever does it again changes nothing and is told since when it goes.</summary>
internal sealed class TriggerJob(JobStore store, TimeProvider clock)
{
    public sealed record Command(long JobId, Actor Who);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (await store.Find(command.JobId, cancellationToken) is not { } seen)
        {
            return JobRefusals.NotFound(command.JobId);
        }

        if (seen.IsTriggered)
        {
            return seen;
        }

        var now = clock.GetUtcNow();
        var outcome = await store.Change(
            command.JobId,
            version: null,
            job => job.Trigger(now),
            _ => new JournalEntry(now, command.Who, "triggered", TriggersWords.DidTrigger),
            cancellationToken);

        // Somebody else was faster: the job goes, and that is what was wanted.
        return outcome.IsRefused && await store.Find(command.JobId, cancellationToken) is { IsTriggered: true } faster ? faster : outcome;
    }
}
