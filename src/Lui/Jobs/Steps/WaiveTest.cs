// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs.Steps;

/// <summary>Goes without a delivery test; the journal says who decided so.</summary>
internal sealed class WaiveTest(JobStore store, WorkflowReader workflows, TimeProvider clock)
{
    public sealed record Command(long JobId, Actor Who, long? Version = null);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (await store.Find(command.JobId, cancellationToken) is not { } seen)
        {
            return JobRefusals.NotFound(command.JobId);
        }

        var test = (await workflows.Of(seen, cancellationToken))[JobStep.Test];
        if (seen.State == JobState.Open && test.State == StepState.NotYetPossible)
        {
            return JobRefusals.StepNotPossible(seen, test);
        }

        var now = clock.GetUtcNow();
        return await store.Change(
            command.JobId,
            command.Version ?? seen.Version,
            job => job.WaiveTest(command.Who, now),
            _ => new JournalEntry(now, command.Who, "test-waived", JobsWords.DidWaiveTest),
            cancellationToken);
    }
}
